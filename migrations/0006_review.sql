ALTER TABLE "updates" ADD COLUMN "generated_tokens" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "trained_tokens_max" integer;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "approved_at" timestamp with time zone;