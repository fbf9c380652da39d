CREATE TABLE "trainer_jobs" (
	"model_id" text PRIMARY KEY NOT NULL,
	"job_id" text,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "trainer_jobs" ADD CONSTRAINT "trainer_jobs_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;