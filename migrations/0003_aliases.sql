CREATE TABLE "alias_moves" (
	"model_id" text NOT NULL,
	"alias" text NOT NULL,
	"revision" integer NOT NULL,
	"version" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "alias_moves_model_id_alias_revision_pk" PRIMARY KEY("model_id","alias","revision")
);
--> statement-breakpoint
ALTER TABLE "alias_moves" ADD CONSTRAINT "alias_moves_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;