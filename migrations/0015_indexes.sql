CREATE INDEX "alerts_by_update" ON "alerts" USING btree ("update_id");--> statement-breakpoint
CREATE INDEX "evaluation_answers_by_probe" ON "evaluation_answers" USING btree ("probe_id");--> statement-breakpoint
CREATE INDEX "evaluations_by_update" ON "evaluations" USING btree ("update_id");--> statement-breakpoint
CREATE INDEX "evaluations_by_document" ON "evaluations" USING btree ("document_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_time" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "uploads_by_model" ON "uploads" USING btree ("model_id");--> statement-breakpoint
CREATE INDEX "promotions_by_version" ON "promotions" USING btree ("model_id","version");--> statement-breakpoint
CREATE INDEX "versions_by_update" ON "versions" USING btree ("update_id");