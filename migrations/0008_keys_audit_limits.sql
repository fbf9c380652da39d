CREATE TABLE "audit_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"action" text NOT NULL,
	"path" text,
	"key_id" text,
	"key_name" text,
	"request_id" text,
	"update_id" text,
	"model_ids" text[],
	"models" text[],
	"input" jsonb NOT NULL,
	"status" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"secret_sha256" text NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] NOT NULL,
	"model_ids" text[],
	"rate_per_minute" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_secret_sha256_unique" UNIQUE("secret_sha256")
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"caller" text PRIMARY KEY NOT NULL,
	"full_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "model_ids" text[];--> statement-breakpoint
CREATE INDEX "audit_entries_by_model" ON "audit_entries" USING gin ("model_ids");