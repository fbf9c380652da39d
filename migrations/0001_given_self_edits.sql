ALTER TABLE "documents" ADD COLUMN "study" jsonb;--> statement-breakpoint
ALTER TABLE "self_edits" ADD COLUMN "origin" text DEFAULT 'model' NOT NULL;