CREATE TABLE "collected_objects" (
	"key" text PRIMARY KEY NOT NULL,
	"fence" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "versions" ADD COLUMN "pinned" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "versions" ADD COLUMN "deleted_at" timestamp with time zone;