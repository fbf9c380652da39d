-- Endpoints made without a filter held every event of their day by name; they hear those that came later too.
UPDATE "webhooks" SET "events" = '{*}'
WHERE "events" @> '{update.promoted,update.rejected,update.failed,retention.regressed,retention.recovered,version.rolled_back}'
	AND ("events" @> '{webhook.disabled}' OR cardinality("events") = 6)
	AND ("events" @> '{update.awaiting_review}' OR cardinality("events") <= 7);
