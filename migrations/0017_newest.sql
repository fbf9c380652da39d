CREATE INDEX "documents_newest" ON "documents" USING btree ("sequence");--> statement-breakpoint
CREATE INDEX "updates_newest" ON "updates" USING btree ("sequence");