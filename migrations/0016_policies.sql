ALTER TABLE "models" ADD COLUMN "policy_number" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "practice_rounds" ADD COLUMN "policy_number" integer;--> statement-breakpoint
UPDATE "practice_rounds" SET "policy_number" = numbered.number FROM (
  SELECT r."practice_id", r."number" AS round, row_number() OVER (PARTITION BY p."model_id" ORDER BY p."sequence", r."number") AS number
  FROM "practice_rounds" r JOIN "practices" p ON p."id" = r."practice_id" WHERE r."policy" IS NOT NULL
) numbered WHERE numbered."practice_id" = "practice_rounds"."practice_id" AND numbered.round = "practice_rounds"."number";--> statement-breakpoint
UPDATE "models" SET "policy_number" = counted.last FROM (
  SELECT p."model_id", max(r."policy_number") AS last FROM "practice_rounds" r JOIN "practices" p ON p."id" = r."practice_id" GROUP BY p."model_id"
) counted WHERE counted."model_id" = "models"."id" AND counted.last IS NOT NULL;
