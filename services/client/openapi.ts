// Written by `npm run client-types` from the API's description; tests/client/openapi.test.ts holds it to that.

export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether documents can be taken and questions answered */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Ready. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description Not ready; `missing` says what for. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["NotReady"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a model several documents
         * @description All are taken or none. With `chunk_words` a longer text is cut into several documents that keep its title.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DocumentBatch"];
                };
            };
            responses: {
                /** @description The model was given all of these texts before. */
                200: {
                    headers: {
                        /** @description The model's updates, the newest first. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Document"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description Taken; an update is queued for each, in this order. */
                202: {
                    headers: {
                        /** @description The model's updates, the newest first. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Document"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a model files: PDF, DOCX, HTML, Markdown or plain text
         * @description Up to 16 MB together. The title is the one given, the file’s own, or its name. A text of more than `chunk_words` words is cut into several documents, at headings and paragraphs where it can be, each with the title and its heading.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": components["schemas"]["DocumentUpload"];
                };
            };
            responses: {
                /** @description The model was given all of these texts before. */
                200: {
                    headers: {
                        /** @description The model's updates, the newest first. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Document"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description Taken; an update is queued for each, in this order. */
                202: {
                    headers: {
                        /** @description The model's updates, the newest first. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Document"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Documents, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                    /** @description Only those of this model. */
                    model?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of documents. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Document"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Give a model a document to learn
         * @description As JSON, or the text itself as `text/plain` or `text/markdown` with title, model and review in the query. Several at once: `POST /v1/documents/batch`; files: `POST /v1/documents/upload`.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Of a text body; without it the first heading, else the beginning of the text. JSON has its own. */
                    title?: string;
                    /** @description Of a text body; `default` without it. */
                    model?: string;
                    /** @description Of a text body. */
                    review?: "true" | "false";
                };
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DocumentInput"];
                    "text/plain": string;
                    "text/markdown": string;
                };
            };
            responses: {
                /** @description This model was given the same text before. */
                200: {
                    headers: {
                        /** @description The update, `/v1/updates/ID`. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Document"];
                    };
                };
                /** @description Taken; the update is queued. */
                202: {
                    headers: {
                        /** @description The update, `/v1/updates/ID`. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Document"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One document with its text */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `doc_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The document. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DocumentWithText"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Take a document out of what the model knows
         * @description An update in its turn; one that is still teaching the document is cancelled. A document with an adapter of its own (`routed`) leaves with it, exactly. An adapter of several documents (`replay`, consolidated) is trained anew from the base without it; in a `sequential` model so is every adapter that was trained on top of it. `forgotten` then says how many of the document's questions the new version still answers, and how many the bare base does. Damage to other documents is told as an alert and does not hold a deletion up. Older versions still hold the document: a rollback to one brings it back, and DELETE takes it out again.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `doc_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The update that takes it out; the same one when asked again meanwhile. */
                202: {
                    headers: {
                        /** @description The update, `/v1/updates/ID`. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Update"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Announce a large file
         * @description For files of up to 64 MB, where objects are kept in S3: PUT the bytes to `url` with the `headers` of the answer within a quarter of an hour, then complete the upload. Where objects are kept in a folder the answer is 409.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UploadInput"];
                };
            };
            responses: {
                /** @description Where to put the file. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Upload"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make documents of a file that was put
         * @description As `POST /v1/documents/upload` does. A refused file stays, and can be completed again until it is taken.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The id, `upl_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UploadCompletion"];
                };
            };
            responses: {
                /** @description The model was given all of these texts before. */
                200: {
                    headers: {
                        /** @description The model's updates, the newest first. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Document"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description Taken; an update is queued for each, in this order. */
                202: {
                    headers: {
                        /** @description The model's updates, the newest first. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Document"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Updates, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                    /** @description Only those of this model. */
                    model?: string;
                    state?: "queued" | "studying" | "awaiting_review" | "training" | "evaluating" | "promoted" | "rejected" | "failed" | "cancelled";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of updates. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Update"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One update with its progress and, in the end, its verdict */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `upd_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The update. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Update"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens to an update, as server-sent events
         * @description Ends after the final state. With `Last-Event-ID` it goes on behind that event; when nothing can come any more the answer is 204, which tells a browser not to connect again.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The id of the last event that was received. */
                    "last-event-id"?: string;
                };
                path: {
                    /** @description The id, `upd_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Events `state`, `progress` and others, each with JSON data; comments keep the line open. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["UpdateEvent"];
                    };
                };
                /** @description The update is over and every event of it was received. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates/{id}/self-edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was written or given for it, what was kept, and why the rest was dropped */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path: {
                    /** @description The id, `upd_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of self-edits, in the order they were written. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["SelfEdit"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train what was reviewed
         * @description For an update in `awaiting_review` (`review: true`). Changes are all made or none; without any the self-edits are approved as they are. Self-edits that are held out are the probes: reworded, they are asked in the new words. An added or reworded one may not ask what measures the document. The update is then queued behind those that its model was given meanwhile, which never wait for a review.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The id, `upd_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            responses: {
                /** @description The update is queued for its training. */
                202: {
                    headers: {
                        /** @description The update, `/v1/updates/ID`. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Update"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop an update */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `upd_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The update: cancelled, or with `cancel_requested` until its worker has stopped. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Update"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask a model */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Query"];
                };
            };
            responses: {
                /** @description The answer. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Answer"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A conversation in OpenAI's shapes, answered from the weights
         * @description A conversation without a system turn is put as a query puts its question. With `stream` the answer is server-sent events that end with `[DONE]`. The adapter is picked by the last turn of the user, or by all of them where the last is about nothing by itself.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChatCompletionInput"];
                };
            };
            responses: {
                /** @description The answer, or with `stream` its chunks. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChatCompletion"];
                        "text/event-stream": components["schemas"]["ChunkEvent"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A text gone on with, in OpenAI's shapes
         * @description Without a chat template: the base reads the prompt as it stands. The adapter is picked by the prompt. With several prompts the choices are numbered prompt by prompt.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CompletionInput"];
                };
            };
            responses: {
                /** @description The text, or with `stream` its chunks. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Completion"];
                        "text/event-stream": components["schemas"]["ChunkEvent"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All files, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                    order?: "asc" | "desc";
                    purpose?: "fine-tune";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of files. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["File"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Send a training file
         * @description JSON Lines: documents `{"title", "text"}` with `questions` and `self_edits` as POST /v1/documents takes them, chats `{"messages"}` or pairs `{"prompt", "completion"}`. At most 16 MB.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": components["schemas"]["FileInput"];
                };
            };
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["File"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One file */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `fil_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["File"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Delete a file; what was learned from it stays */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `fil_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is gone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FileDeleted"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a file holds, as it was sent */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `fil_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description JSON Lines. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fine_tuning/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All jobs, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of jobs. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["FineTuningJob"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Have a model learn a training file
         * @description Each document of the file is an update of its own; the chats and pairs together are one for each thousand. Without a validation file up to a quarter of the chats is held out to ask by. The job has succeeded once all were promoted; then `fine_tuned_model` is `name@vN`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FineTuningJobInput"];
                };
            };
            responses: {
                /** @description The job. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FineTuningJob"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fine_tuning/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `ftj_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The job. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FineTuningJob"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fine_tuning/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job; what was promoted stays */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `ftj_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The job. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FineTuningJob"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fine_tuning/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to a job, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path: {
                    /** @description The id, `ftj_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of events. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["FineTuningJobEvent"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fine_tuning/jobs/{id}/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions that a job made, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path: {
                    /** @description The id, `ftj_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of checkpoints. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["FineTuningJobCheckpoint"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All models, the oldest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of models. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Model"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a model
         * @description Of `settings`, what is left out gets its default. `strategy`: `routed` trains one adapter a document and picks by question; `replay` trains one adapter on a share of everything stored; `sequential` adds adapter to adapter. `gate.preset` is `default` or `stable` (arXiv 2510.16089). `study.shares` names the formats of self-edits that are written and the weight of each in the tokens trained, `study.trained_tokens_max` those tokens for one document. `router` sets how versions made from now on find the document of a question, null being the rule of the day. With `reevaluate_hours` the head is asked all its questions again when that was last done so long ago. `keep_versions` deletes older versions at each promotion, but for the head and its parent, those that an alias names and pinned ones.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ModelInput"];
                };
            };
            responses: {
                /** @description The model; its version 0 is the base. */
                201: {
                    headers: {
                        /** @description `/v1/models/NAME` */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Model"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One model
         * @description By its name; `name@alias` and `name@vN` are found as well and say in `version` what they stand for.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `name`, `name@alias` or `name@vN`; `name@champion` is the head unless set by hand. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The model. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Model"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a model with its documents, updates and versions
         * @description For good; what is under way for it is stopped. The model `default` stays (409).
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` that GET gave: 412 where it is not so any more. */
                    "if-match"?: string;
                };
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is gone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelDeleted"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description It is not as `If-Match` says. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change a model's settings
         * @description What is left out stays. Holds from the next update on. Another strategy is refused with 409 while updates are under way, and where it cannot go on from the head: `routed` goes on from the base, a routed version or one adapter, `sequential` from the base, a sequential version or one adapter, `replay` from anything.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` that GET gave: 412 where it is not so any more. */
                    "if-match"?: string;
                };
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ModelSettingsPatch"];
                };
            };
            responses: {
                /** @description The model. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Model"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description It is not as `If-Match` says. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/v1/models/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions of a model, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of versions. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Version"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version: what it is made of, its verdict, and when it was the head */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                    /** @description The number; 0 is the base. */
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The version. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Version"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Keep a version, or let it go when its time comes */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` that GET gave: 412 where it is not so any more. */
                    "if-match"?: string;
                };
                path: {
                    /** @description The name of the model. */
                    name: string;
                    /** @description The number; 0 is the base. */
                    version: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["VersionChange"];
                };
            };
            responses: {
                /** @description The version. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Version"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It is not as `If-Match` says. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/versions/{version}/adapter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A version's adapters in PEFT's layout, as a ZIP
         * @description A folder for each adapter with `adapter_config.json` and `adapter_model.safetensors`, as `PeftModel.from_pretrained` and vLLM read them, and `manifest.json`, which says what each was trained on and whether they act as their sum or one a question. With `document` the two files of its adapter lie at the top. A scale below 1 is in `lora_alpha`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only the adapter of this document. */
                    document?: string;
                };
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                    /** @description The number; 0 is the base. */
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The archive. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete versions
         * @description All but the newest `keep`, or exactly `versions`. The base, the head and its parent, versions that an alias names and pinned ones stay: among `versions` they are 409. What is known of a deleted version stays; it answers no more, and `POST /v1/garbage-collections` takes adapters that no other version has. `dry_run` only says what would go.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Prune"];
                };
            };
            responses: {
                /** @description What went and what stayed. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Pruning"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an old version the head */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Rollback"];
                };
            };
            responses: {
                /** @description The version that is the head now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Version"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/consolidate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the adapters of the head one
         * @description An update that trains one adapter for everything from the base, taught by the adapters it replaces. It is measured and may be rejected; promoted, it is a version with one adapter and no router.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The update is queued. */
                202: {
                    headers: {
                        /** @description The update, `/v1/updates/ID`. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Update"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the head all its questions again
         * @description An update that changes nothing: it compares the answers with those that the version was made with. It ends `promoted` when nothing was lost, `rejected` when something was; then there is an alert, and with `auto_rollback` the parent answers again. `verdict.retention.noise_measured` is how far two measurements of one version lie apart, which later updates count as no difference. `reevaluate_hours` asks by itself.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The update is queued. */
                202: {
                    headers: {
                        /** @description The update, `/v1/updates/ID`. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Update"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/aliases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The aliases of a model, by name */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of aliases. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Alias"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/aliases/{alias}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One alias with the history of its moves */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                    /** @description The name of the alias. */
                    alias: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The alias. */
                200: {
                    headers: {
                        /** @description What a move names in `If-Match`. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AliasWithHistory"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Point an alias to a version
         * @description Makes the alias, or moves it by compare-and-set. `champion` follows the head until it is set here, and again after DELETE. Questions to `name@alias` are answered by that version from then on.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` that was seen last, or `*`. Asked for (428) where the alias was set by hand; 412 where it moved. */
                    "if-match"?: string;
                };
                path: {
                    /** @description The name of the model. */
                    name: string;
                    /** @description The name of the alias. */
                    alias: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AliasInput"];
                };
            };
            responses: {
                /** @description The alias as it is now. */
                200: {
                    headers: {
                        /** @description What a move names in `If-Match`. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AliasWithHistory"];
                    };
                };
                /** @description The alias was made. */
                201: {
                    headers: {
                        /** @description What a move names in `If-Match`. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AliasWithHistory"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It is not as `If-Match` says. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Say in `If-Match` what was seen. */
                428: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Take an alias away; `champion` follows the head again */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` that was seen last, or `*`. Asked for (428) where the alias was set by hand; 412 where it moved. */
                    "if-match"?: string;
                };
                path: {
                    /** @description The name of the model. */
                    name: string;
                    /** @description The name of the alias. */
                    alias: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is gone. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It is not as `If-Match` says. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Say in `If-Match` what was seen. */
                428: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The retention matrix of a model with its figures */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The matrix; null where a version was not asked. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Retention"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/versions/{version}/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a version answered when it was asked, document by document
         * @description Of several measurements of a document the latest; by document id.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                    /** @description Only this document. */
                    document?: string;
                };
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                    /** @description The number; 0 is the base. */
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of evaluations. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Evaluation"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates/{id}/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was answered on the way to its verdict
         * @description Those of version 0 are the base before it was taught; the others are the candidate, `version` null where it was rejected. Empty until the update is decided.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path: {
                    /** @description The id, `upd_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of evaluations. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Evaluation"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/practice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a model practise studying
         * @description Rounds of ReST-EM: of each document `candidates` sets of self-edits are sampled, an adapter is trained on each, and the best is kept where it beats the base on the questions of the document. The policy, which is what writes self-edits, is fine-tuned on what was kept and examined on the held-out documents; the gate of the model decides whether it is promoted, and from then on it studies the documents of the model. Without `documents` and `held_out_documents` those with questions of the caller are taken in turns. With `strategies` a bandit first chooses among ways to study and train. Other updates pass between two steps. Answers of the model are not changed.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["PracticeInput"];
                };
            };
            responses: {
                /** @description It is queued. */
                202: {
                    headers: {
                        /** @description The practice, `/v1/practice/ID`. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Practice"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The policies of a model, the newest first
         * @description A policy writes the self-edits. Each round that is promoted makes one; policy 0 came with the base.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All of them. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Policy"][];
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{name}/policies/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let an older policy write again
         * @description From the next document that is studied on. Nothing is deleted, so the way forward is the same call; what was learned stays as it is (`POST /v1/models/NAME/rollback` is for that).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the model. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PolicyRollback"];
                };
            };
            responses: {
                /** @description The policy that is active now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Policy"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/practice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Practices, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                    /** @description Only those of this model. */
                    model?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of practices. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Practice"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/practice/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One practice with its rounds
         * @description Of a round: `reward` is the mean over documents of the best candidate's, `reward_of_all` of all; `reliability` how much of the differences between candidates another training repeats (ICC(1)); `accuracy` the held-out questions answered after their documents were studied by the policy before and after the round.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `prc_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The practice. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Practice"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/practice/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens in a practice, as server-sent events
         * @description Those of its update, among them `candidates` for each document and `round` for each round that ends.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The id of the last event that was received. */
                    "last-event-id"?: string;
                };
                path: {
                    /** @description The id, `prc_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Events with JSON data. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["UpdateEvent"];
                    };
                };
                /** @description It is over and every event was received. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/practice/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a practice
         * @description Policies of rounds that ended stay.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `prc_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The practice: cancelled, or with `cancel_requested` until its worker has stopped. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Practice"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Regressions, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                    /** @description Only those of this model. */
                    model?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of alerts. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Alert"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One regression with its evidence */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `alr_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The alert. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Alert"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All endpoints, the oldest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of endpoints. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Webhook"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Tell an endpoint what happens, signed as Standard Webhooks says */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        url: string;
                        /** @description `*`, or when absent: all, those to come included. */
                        events?: ("*" | "update.promoted" | "update.rejected" | "update.failed" | "update.awaiting_review" | "practice.promoted" | "practice.rejected" | "practice.failed" | "retention.regressed" | "retention.recovered" | "version.rolled_back" | "webhook.disabled")[];
                        secret?: string;
                    };
                };
            };
            responses: {
                /** @description Made; keep the secret. */
                201: {
                    headers: {
                        /** @description `/v1/webhooks/ID` */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookWithSecret"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One endpoint */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The endpoint. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Webhook"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove an endpoint with its deliveries, sent or not */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` that GET gave: 412 where it is not so any more. */
                    "if-match"?: string;
                };
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Removed. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It is not as `If-Match` says. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change an endpoint, or take it back after it was disabled */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` that GET gave: 412 where it is not so any more. */
                    "if-match"?: string;
                };
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        url?: string;
                        events?: ("*" | "update.promoted" | "update.rejected" | "update.failed" | "update.awaiting_review" | "practice.promoted" | "practice.rejected" | "practice.failed" | "retention.regressed" | "retention.recovered" | "version.rolled_back" | "webhook.disabled")[];
                        enabled?: boolean;
                    };
                };
            };
            responses: {
                /** @description The endpoint as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Webhook"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It is not as `If-Match` says. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/v1/webhooks/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new secret; for a day deliveries are signed with the old one too
         * @description The body may be left out. `revoke_previous` ends the old secrets at once: for one that has leaked.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        secret?: string;
                        revoke_previous?: boolean;
                    };
                };
            };
            responses: {
                /** @description The new secret. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookWithSecret"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent to an endpoint, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                    state?: "pending" | "delivered" | "failed";
                };
                header?: never;
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of deliveries. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["Delivery"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One delivery with its data and what came of each try */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                    /** @description The id, `dlv_…`. */
                    delivery_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The delivery. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeliveryWithLog"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{delivery_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send one delivery again, under the same message id */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                    /** @description The id, `dlv_…`. */
                    delivery_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To be sent; the delivery tells what comes of it. */
                202: {
                    headers: {
                        /** @description The delivery. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeliveryWithLog"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send again what was missed since a moment, or everything */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        since: number;
                        /** @enum {string} */
                        which?: "missed" | "all";
                    };
                };
            };
            responses: {
                /** @description How many are to be sent. */
                202: {
                    headers: {
                        /** @description The deliveries that wait. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "replay";
                            webhook_id: string;
                            since: number;
                            deliveries: number;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a `webhook.test` message, tried once */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The id, `whk_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To be sent; the delivery tells what comes of it. */
                202: {
                    headers: {
                        /** @description The delivery. */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeliveryWithLog"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of keys. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["ApiKey"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a key
         * @description With at most the scopes and models of the key that makes it. The secret is shown this once.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body again within a day give the same answer and do nothing. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ApiKeyInput"];
                };
            };
            responses: {
                /** @description Made; keep the secret. */
                201: {
                    headers: {
                        /** @description `/v1/keys/ID` */
                        Location: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKeyWithSecret"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description It does not go with the present state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Understood, but it cannot be done. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One key */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `key_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The key. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKey"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Revoke a key: the next request with it is refused */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id, `key_…`. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Revoked. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/garbage-collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete adapters that no version refers to
         * @description Those of deleted versions and models, and of candidates that were rejected. Safe beside updates: one that is about to refer to an adapter that goes starts again. `grace_hours` leaves younger ones alone, so that this is rare.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["GarbageCollectionInput"];
                };
            };
            responses: {
                /** @description What went, or with `dry_run` would go. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GarbageCollection"];
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed models, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `last_id` of the page before; the list goes on behind it. */
                    after?: string;
                    /** @description Only those of this model. */
                    model?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of entries. A model that is gone still has its own. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: components["schemas"]["AuditEntry"][];
                            has_more: boolean;
                            first_id: string | null;
                            last_id: string | null;
                        };
                    };
                };
                /** @description The request is not right; `detail` says what to change. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Prometheus's text format. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description The key is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key may not do this: another scope, or other models. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many requests; `Retry-After` says when to go on. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Something the call needs is not there at the moment; `Retry-After` says when to try again. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        NotReady: {
            /** @example urn:palimpsest:error:invalid_request */
            type: string;
            title: string;
            status: number;
            /** @description What went wrong and what to change. */
            detail: string;
            /** @example invalid_request */
            code: string;
            /** @description One entry per field, with its JSON pointer. */
            errors?: {
                pointer?: string;
                parameter?: string;
                detail: string;
            }[];
            missing: {
                part: string;
                detail: string;
            }[];
        };
        Document: {
            /** @enum {string} */
            object: "document";
            id: string;
            model: string;
            title: string;
            sha256: string;
            /** @enum {string} */
            state: "queued" | "studying" | "awaiting_review" | "training" | "evaluating" | "promoted" | "rejected" | "failed" | "cancelled";
            update_id: string;
            created_at: number;
        };
        Problem: {
            /** @example urn:palimpsest:error:invalid_request */
            type: string;
            title: string;
            status: number;
            /** @description What went wrong and what to change. */
            detail: string;
            /** @example invalid_request */
            code: string;
            /** @description One entry per field, with its JSON pointer. */
            errors?: {
                pointer?: string;
                parameter?: string;
                detail: string;
            }[];
        };
        DocumentBatch: {
            /** @default default */
            model?: string;
            documents: {
                title: string;
                text: string;
                questions?: {
                    question: string;
                    answer: string;
                }[];
                /** @description Synthetic training data about the text, written elsewhere. One that asks what `questions` ask is not trained on. */
                self_edits?: components["schemas"]["GivenSelfEdit"][];
                /**
                 * @description What is trained: what the model writes itself (`own`), `self_edits` alone (`given`), or both, which is the default where `self_edits` are sent.
                 * @enum {string}
                 */
                study?: "own" | "given" | "both";
                /**
                 * @description Stop before training, in the state `awaiting_review`: self-edits can be changed and dropped, then approved by `POST /v1/updates/ID/approve`. Later updates of the model go on meanwhile.
                 * @default false
                 */
                review?: boolean;
            }[];
            chunk_words?: number;
        };
        /** @description Either a pair (the user says `prompt`, the model shall say `completion`), or free text with one statement a line. At most 4000, 8000 and 100000 bytes. */
        GivenSelfEdit: {
            prompt: string;
            completion: string;
        } | {
            text: string;
        };
        DocumentUpload: {
            file: string | string[];
            /** @default default */
            model?: string;
            title?: string;
            /** @default 600 */
            chunk_words?: number;
            /**
             * @default false
             * @enum {string}
             */
            review?: "true" | "false";
        };
        DocumentInput: {
            title: string;
            text: string;
            /** @default default */
            model?: string;
            questions?: {
                question: string;
                answer: string;
            }[];
            /** @description Synthetic training data about the text, written elsewhere. One that asks what `questions` ask is not trained on. */
            self_edits?: components["schemas"]["GivenSelfEdit"][];
            /**
             * @description What is trained: what the model writes itself (`own`), `self_edits` alone (`given`), or both, which is the default where `self_edits` are sent.
             * @enum {string}
             */
            study?: "own" | "given" | "both";
            /**
             * @description Stop before training, in the state `awaiting_review`: self-edits can be changed and dropped, then approved by `POST /v1/updates/ID/approve`. Later updates of the model go on meanwhile.
             * @default false
             */
            review?: boolean;
        };
        DocumentWithText: {
            /** @enum {string} */
            object: "document";
            id: string;
            model: string;
            title: string;
            sha256: string;
            /** @enum {string} */
            state: "queued" | "studying" | "awaiting_review" | "training" | "evaluating" | "promoted" | "rejected" | "failed" | "cancelled";
            update_id: string;
            created_at: number;
            text: string;
            questions: {
                question: string;
                answer: string;
            }[];
            /** @enum {string} */
            study: "own" | "given" | "both";
            self_edits: components["schemas"]["GivenSelfEdit"][];
        };
        Update: {
            /** @enum {string} */
            object: "update";
            id: string;
            model: string;
            document_ids: string[];
            /** @enum {string} */
            kind: "incorporate" | "consolidate" | "evaluate" | "forget" | "practice";
            /** @enum {string} */
            state: "queued" | "studying" | "awaiting_review" | "training" | "evaluating" | "promoted" | "rejected" | "failed" | "cancelled";
            progress: {
                phase: string;
                fraction: number;
            };
            version: number | null;
            verdict: {
                /** @enum {string} */
                action: "promote" | "clip" | "reject";
                reason: string;
                losses: number;
                gains: number;
                p_value: number | null;
                regressed: boolean;
                forgetting: {
                    accuracy_drop: number | null;
                    bits_per_token: number | null;
                    kl_bits: number | null;
                };
                budget: {
                    accuracy_drop: number | null;
                    bits_per_token: number | null;
                    kl_bits: number | null;
                };
                scale: number;
                retention: {
                    alarms: ("pooled" | "documents" | "collapse" | "control")[];
                    pooled: {
                        statistic: string;
                        p_value: number;
                        mean_loss: number;
                    };
                    control: {
                        statistic: string;
                        p_value: number;
                        mean_loss: number;
                        losses: number;
                        gains: number;
                        total: number;
                    } | null;
                    noise_floor: number;
                    noise_measured: number | null;
                    e_value: number;
                    outcomes: {
                        regressed: number;
                        retained: number;
                        insufficient_data: number;
                    };
                    documents: {
                        document_id: string;
                        questions: number;
                        mean_loss: number;
                        p_value: number;
                        q_value: number;
                        e_value: number;
                        /** @enum {string} */
                        outcome: "regressed" | "retained" | "insufficient_data";
                        questions_missing: number | null;
                    }[];
                } | null;
            } | null;
            learned: {
                before: number;
                after: number;
                total: number;
            } | null;
            retained: {
                before: number;
                after: number;
                total: number;
            } | null;
            forgotten: {
                before: number;
                after: number;
                total: number;
                base: number | null;
            } | null;
            timings_ms: {
                [key: string]: number;
            };
            generated_tokens: number;
            trained_tokens: number;
            trained_tokens_max: number | null;
            error: {
                code: string;
                message: string;
            } | null;
            attempts: number;
            cancel_requested: boolean;
            created_at: number;
            started_at: number | null;
            finished_at: number | null;
        };
        Upload: {
            /** @enum {string} */
            object: "upload";
            id: string;
            model: string;
            filename: string;
            bytes: number;
            url: string;
            /** @enum {string} */
            method: "PUT";
            headers: {
                [key: string]: string;
            };
            created_at: number;
            expires_at: number;
        };
        UploadInput: {
            filename: string;
            /** @description The exact size of the file. */
            bytes: number;
            /**
             * @description What it is, where its name does not say it.
             * @default
             */
            media_type?: string;
            /**
             * @description The model that shall learn it.
             * @default default
             */
            model?: string;
        };
        UploadCompletion: {
            title?: string;
            /** @default 600 */
            chunk_words?: number;
            /** @default false */
            review?: boolean;
        };
        UpdateEvent: {
            id: string;
            event: string;
            /** @description JSON. */
            data: string;
        };
        SelfEdit: {
            /** @enum {string} */
            object: "self_edit";
            id: string;
            document_id: string;
            /** @enum {string} */
            origin: "model" | "text" | "given" | "generator" | "review";
            /** @enum {string} */
            format: "question_answer" | "rewrite" | "implication" | "implication_long" | "cloze" | "restatement";
            prompt: string;
            completion: string;
            source: string;
            kept: boolean;
            held_out: boolean;
            reason: string | null;
        };
        Approval: {
            /** @default [] */
            self_edits?: components["schemas"]["SelfEditChange"][];
        };
        /** @description With `id`: new words for a self-edit, `kept: false` to drop it, `kept: true` to take back a dropped one. Without: one more pair to train (`document_id` where the update has several documents). */
        SelfEditChange: {
            id: string;
            prompt?: string;
            completion?: string;
            kept?: boolean;
        } | {
            prompt: string;
            completion: string;
            document_id?: string;
        };
        Answer: {
            answer: string;
            version: number;
            /** @description What it was answered from: the document whose weights were asked, or whose passage was read. Empty when the question is about none of them (closed-book) or shares no word with any. */
            documents: {
                id: string;
                title: string;
                score: number;
                /** @description The update whose self-edits were trained; `GET /v1/updates/ID/self-edits` has all of them. Null where no weights were asked (`open_book`). */
                update_id: string | null;
                /** @description Of those, the ones most like question and answer, at most three. */
                self_edits: {
                    id: string;
                    prompt: string;
                    completion: string;
                }[];
                /** @description How many were trained. */
                self_edits_total: number;
            }[];
            logprob: number | null;
            usage: {
                prompt_tokens: number;
                completion_tokens: number;
            };
            timings_ms: {
                [key: string]: number;
            };
            /** @enum {string} */
            object: "answer";
            /**
             * @description What answered.
             * @example default@v3
             */
            model: string;
        };
        Query: {
            question: string;
            /**
             * @description `name`, `name@alias` or `name@vN`; `name@champion` is the head unless set by hand.
             * @default default
             */
            model?: string;
            /**
             * @description `closed_book`: from the version's weights alone. `open_book`: the bare base reads the passage that matches the question best among the version's documents; what the version is to be measured against. `hybrid`: the version's weights read that passage.
             * @default closed_book
             * @enum {string}
             */
            mode?: "closed_book" | "open_book" | "hybrid";
        };
        ChatCompletion: {
            id: string;
            /** @enum {string} */
            object: "chat.completion";
            created: number;
            /**
             * @description What answered.
             * @example default@v3
             */
            model: string;
            system_fingerprint: string;
            choices: {
                index: number;
                message: {
                    /** @enum {string} */
                    role: "assistant";
                    content: string;
                    refusal: null;
                };
                logprobs: {
                    content: {
                        token: string;
                        logprob: number;
                        bytes: number[] | null;
                        top_logprobs: {
                            token: string;
                            logprob: number;
                            bytes: number[] | null;
                        }[];
                    }[];
                    refusal: null;
                } | null;
                /** @enum {string} */
                finish_reason: "stop" | "length";
            }[];
            usage: {
                prompt_tokens: number;
                completion_tokens: number;
                total_tokens: number;
            };
            /** @description Whose weights answered; empty where the base did. In the first chunk of a stream, too. */
            documents: {
                id: string;
                title: string;
                score: number;
            }[];
        };
        ChunkEvent: {
            /** @description A chunk as JSON; behind the last `[DONE]`. */
            data: string;
        };
        OpenAiError: {
            error: {
                message: string;
                type: string;
                param: string | null;
                code: string | null;
            };
        };
        ChatCompletionInput: {
            /**
             * @description `name`, `name@alias` or `name@vN`; `name@champion` is the head unless set by hand.
             * @default default
             */
            model?: string;
            /** @description 256 when left out. */
            max_tokens?: number | null;
            /** @description 0, the default, says the likeliest: what was learned is a fact, and a small base strays when it draws. */
            temperature?: number | null;
            top_p?: number | null;
            n?: number | null;
            /** @description The same seed, version and parameters give the same answer while `system_fingerprint` is the same. */
            seed?: number | null;
            stop?: string | string[] | null;
            stream?: boolean | null;
            /** @description With `include_usage` the last chunk before `[DONE]` says `usage`. */
            stream_options?: {
                include_usage?: boolean | null;
                /** @enum {boolean|null} */
                include_obfuscation?: false | null;
            } | null;
            /** @enum {number|null} */
            frequency_penalty?: 0 | null;
            /** @enum {number|null} */
            presence_penalty?: 0 | null;
            logit_bias?: Record<string, never> | null;
            user?: string | null;
            messages: components["schemas"]["ChatMessage"][];
            /** @description The same as `max_tokens`, and before it. */
            max_completion_tokens?: number | null;
            logprobs?: boolean | null;
            top_logprobs?: number | null;
            response_format?: {
                /** @enum {string} */
                type: "text";
            } | null;
            modalities?: "text"[] | null;
            tools?: unknown[] | null;
            functions?: unknown[] | null;
            /** @enum {string|null} */
            tool_choice?: "none" | "auto" | null;
            /** @enum {string|null} */
            function_call?: "none" | "auto" | null;
            parallel_tool_calls?: boolean | null;
            audio?: null;
            prediction?: null;
            /** @enum {boolean|null} */
            store?: false | null;
            metadata?: {
                [key: string]: string;
            } | null;
            safety_identifier?: string | null;
            prompt_cache_key?: string | null;
            /** @enum {string|null} */
            service_tier?: "auto" | "default" | null;
        };
        ChatMessage: {
            /** @enum {string} */
            role: "system" | "developer" | "user" | "assistant";
            content: string | {
                /** @enum {string} */
                type: "text";
                text: string;
            }[];
            tool_calls?: unknown[] | null;
        };
        Completion: {
            id: string;
            /** @enum {string} */
            object: "text_completion";
            created: number;
            /**
             * @description What answered.
             * @example default@v3
             */
            model: string;
            system_fingerprint: string;
            choices: {
                index: number;
                text: string;
                logprobs: {
                    tokens: string[];
                    token_logprobs: number[];
                    top_logprobs: {
                        [key: string]: number;
                    }[];
                    text_offset: number[];
                } | null;
                /** @enum {string} */
                finish_reason: "stop" | "length";
            }[];
            usage: {
                prompt_tokens: number;
                completion_tokens: number;
                total_tokens: number;
            };
            documents: {
                id: string;
                title: string;
                score: number;
            }[];
        };
        CompletionInput: {
            /**
             * @description `name`, `name@alias` or `name@vN`; `name@champion` is the head unless set by hand.
             * @default default
             */
            model?: string;
            /** @description 256 when left out. */
            max_tokens?: number | null;
            /** @description 0, the default, says the likeliest: what was learned is a fact, and a small base strays when it draws. */
            temperature?: number | null;
            top_p?: number | null;
            n?: number | null;
            /** @description The same seed, version and parameters give the same answer while `system_fingerprint` is the same. */
            seed?: number | null;
            stop?: string | string[] | null;
            stream?: boolean | null;
            /** @description With `include_usage` the last chunk before `[DONE]` says `usage`. */
            stream_options?: {
                include_usage?: boolean | null;
                /** @enum {boolean|null} */
                include_obfuscation?: false | null;
            } | null;
            /** @enum {number|null} */
            frequency_penalty?: 0 | null;
            /** @enum {number|null} */
            presence_penalty?: 0 | null;
            logit_bias?: Record<string, never> | null;
            user?: string | null;
            prompt: string | string[] | number[] | number[][];
            logprobs?: number | null;
            /** @enum {boolean|null} */
            echo?: false | null;
            /** @enum {number|null} */
            best_of?: 1 | null;
            /** @enum {string|null} */
            suffix?: "" | null;
        };
        File: {
            /** @enum {string} */
            object: "file";
            id: string;
            bytes: number;
            created_at: number;
            filename: string;
            /** @enum {string} */
            purpose: "fine-tune";
            /** @enum {string} */
            status: "processed";
        };
        FileInput: {
            /** Format: binary */
            file: string;
            /** @enum {string} */
            purpose: "fine-tune";
        };
        FileDeleted: {
            id: string;
            /** @enum {string} */
            object: "file";
            /** @enum {boolean} */
            deleted: true;
        };
        FineTuningJob: {
            /** @enum {string} */
            object: "fine_tuning.job";
            id: string;
            created_at: number;
            finished_at: number | null;
            model: string;
            fine_tuned_model: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            error: {
                code: string;
                message: string;
                param: string | null;
            } | null;
            trained_tokens: number | null;
            training_file: string;
            validation_file: string | null;
            result_files: string[];
            organization_id: string;
            hyperparameters: {
                /** @enum {string} */
                n_epochs: "auto";
                /** @enum {string} */
                batch_size: "auto";
                /** @enum {string} */
                learning_rate_multiplier: "auto";
            };
            seed: number;
            estimated_finish: null;
            integrations: string[];
            metadata: {
                [key: string]: string;
            } | null;
            method: {
                /** @enum {string} */
                type: "supervised";
            };
            update_ids: string[];
        };
        FineTuningJobInput: {
            /**
             * @description The name of the model that learns.
             * @example default
             */
            model: string;
            training_file: string;
            /** @description Chats or pairs that are asked after every update and never trained, at most 200. */
            validation_file?: string | null;
            hyperparameters?: {
                /** @enum {string} */
                n_epochs?: "auto";
                /** @enum {string} */
                batch_size?: "auto";
                /** @enum {string} */
                learning_rate_multiplier?: "auto";
            } | null;
            method?: {
                /** @enum {string} */
                type: "supervised";
                supervised?: {
                    hyperparameters?: {
                        /** @enum {string} */
                        n_epochs?: "auto";
                        /** @enum {string} */
                        batch_size?: "auto";
                        /** @enum {string} */
                        learning_rate_multiplier?: "auto";
                    } | null;
                } | null;
            } | null;
            suffix?: null;
            seed?: null;
            integrations?: unknown[] | null;
            metadata?: {
                [key: string]: string;
            } | null;
        };
        FineTuningJobEvent: {
            /** @enum {string} */
            object: "fine_tuning.job.event";
            id: string;
            created_at: number;
            /** @enum {string} */
            level: "info" | "warn" | "error";
            /** @enum {string} */
            type: "message" | "metrics";
            message: string;
            data: {
                [key: string]: unknown;
            };
        };
        FineTuningJobCheckpoint: {
            /** @enum {string} */
            object: "fine_tuning.job.checkpoint";
            id: string;
            created_at: number;
            fine_tuned_model_checkpoint: string;
            fine_tuning_job_id: string;
            step_number: number;
            metrics: {
                step: number;
                train_loss?: number;
            };
        };
        Model: {
            id: string;
            /** @enum {string} */
            object: "model";
            created: number;
            created_at: number;
            owned_by: string;
            base: string;
            settings: {
                /** @enum {string} */
                strategy: "routed" | "replay" | "sequential";
                gate: {
                    regression_alpha: number;
                    reject_on_regression: boolean;
                    accuracy_drop_max: number | null;
                    bits_per_token_max: number | null;
                    kl_bits_max: number | null;
                };
                replay: {
                    tokens_max: number;
                    generic_share: number;
                };
                study: {
                    shares: {
                        question_answer?: number;
                        rewrite?: number;
                        implication?: number;
                        implication_long?: number;
                        cloze?: number;
                        restatement?: number;
                        given?: number;
                    } | null;
                    trained_tokens_max: number | null;
                };
                router: {
                    margin: number | null;
                    score_min: number | null;
                    evidence_min: number | null;
                };
                auto_rollback: boolean;
                reevaluate_hours: number | null;
                keep_versions: number | null;
            };
            head_version: number;
            version?: number;
        };
        ModelInput: {
            /** @enum {string} */
            strategy?: "routed" | "replay" | "sequential";
            gate?: {
                /** @enum {string} */
                preset?: "default" | "stable";
                regression_alpha?: number;
                reject_on_regression?: boolean;
                accuracy_drop_max?: number | null;
                bits_per_token_max?: number | null;
                kl_bits_max?: number | null;
            };
            replay?: {
                tokens_max?: number;
                generic_share?: number;
            };
            study?: {
                shares?: {
                    question_answer?: number;
                    rewrite?: number;
                    implication?: number;
                    implication_long?: number;
                    cloze?: number;
                    restatement?: number;
                    given?: number;
                } | null;
                trained_tokens_max?: number | null;
            };
            router?: {
                margin?: number | null;
                score_min?: number | null;
                evidence_min?: number | null;
            };
            auto_rollback?: boolean;
            reevaluate_hours?: number | null;
            keep_versions?: number | null;
            /**
             * @description The name of the model.
             * @example default
             */
            name: string;
            /** @description Only the base that this service runs. */
            base?: string;
        };
        ModelSettingsPatch: {
            /** @enum {string} */
            strategy?: "routed" | "replay" | "sequential";
            gate?: {
                /** @enum {string} */
                preset?: "default" | "stable";
                regression_alpha?: number;
                reject_on_regression?: boolean;
                accuracy_drop_max?: number | null;
                bits_per_token_max?: number | null;
                kl_bits_max?: number | null;
            };
            replay?: {
                tokens_max?: number;
                generic_share?: number;
            };
            study?: {
                shares?: {
                    question_answer?: number;
                    rewrite?: number;
                    implication?: number;
                    implication_long?: number;
                    cloze?: number;
                    restatement?: number;
                    given?: number;
                } | null;
                trained_tokens_max?: number | null;
            };
            router?: {
                margin?: number | null;
                score_min?: number | null;
                evidence_min?: number | null;
            };
            auto_rollback?: boolean;
            reevaluate_hours?: number | null;
            keep_versions?: number | null;
        };
        ModelDeleted: {
            id: string;
            /** @enum {string} */
            object: "model";
            /** @enum {boolean} */
            deleted: true;
        };
        Version: {
            /** @enum {string} */
            object: "version";
            id: string;
            model: string;
            version: number;
            parent: number | null;
            update_id: string | null;
            manifest: {
                base: {
                    id: string;
                    sha256: string;
                };
                adapters: {
                    key: string;
                    sha256: string;
                    document: string | null;
                    documents: string[];
                    scale: number;
                    folded: {
                        adapters: number;
                        rank: number;
                        error: number;
                    } | null;
                }[];
                router: {
                    /** @enum {string} */
                    kind: "bm25";
                    margin: number;
                    score_min: number;
                    evidence_min: number;
                } | null;
            } | null;
            verdict: {
                /** @enum {string} */
                action: "promote" | "clip" | "reject";
                reason: string;
                losses: number;
                gains: number;
                p_value: number | null;
                regressed: boolean;
                forgetting: {
                    accuracy_drop: number | null;
                    bits_per_token: number | null;
                    kl_bits: number | null;
                };
                budget: {
                    accuracy_drop: number | null;
                    bits_per_token: number | null;
                    kl_bits: number | null;
                };
                scale: number;
                retention: {
                    alarms: ("pooled" | "documents" | "collapse" | "control")[];
                    pooled: {
                        statistic: string;
                        p_value: number;
                        mean_loss: number;
                    };
                    control: {
                        statistic: string;
                        p_value: number;
                        mean_loss: number;
                        losses: number;
                        gains: number;
                        total: number;
                    } | null;
                    noise_floor: number;
                    noise_measured: number | null;
                    e_value: number;
                    outcomes: {
                        regressed: number;
                        retained: number;
                        insufficient_data: number;
                    };
                    documents: {
                        document_id: string;
                        questions: number;
                        mean_loss: number;
                        p_value: number;
                        q_value: number;
                        e_value: number;
                        /** @enum {string} */
                        outcome: "regressed" | "retained" | "insufficient_data";
                        questions_missing: number | null;
                    }[];
                } | null;
            } | null;
            metrics: {
                learned: {
                    before: number;
                    after: number;
                    total: number;
                } | null;
                retained: {
                    before: number;
                    after: number;
                    total: number;
                } | null;
                trained_tokens: number;
            } | null;
            promotions: {
                /** @enum {string} */
                reason: "created" | "promoted" | "rolled_back";
                created_at: number;
            }[];
            /** @description Kept whatever `keep_versions` says. */
            pinned: boolean;
            /** @description Deleted it answers no more; what is known of it stays. */
            deleted_at: number | null;
            created_at: number;
        };
        VersionChange: {
            pinned: boolean;
        };
        Pruning: {
            /** @enum {string} */
            object: "pruning";
            model: string;
            dry_run: boolean;
            /** @description Versions that went, or would go. */
            deleted: number[];
            kept: {
                version: number;
                /** @enum {string} */
                reason: "base" | "head" | "parent_of_head" | "alias" | "pinned" | "newest" | "not_named";
            }[];
        };
        Prune: {
            keep?: number;
            versions?: number[];
            /** @default false */
            dry_run?: boolean;
        };
        Rollback: {
            version: number;
        };
        Alias: {
            /** @enum {string} */
            object: "alias";
            id: string;
            model: string;
            name: string;
            version: number;
            follows_head: boolean;
            moved_at: number | null;
        };
        AliasWithHistory: {
            /** @enum {string} */
            object: "alias";
            id: string;
            model: string;
            name: string;
            version: number;
            follows_head: boolean;
            moved_at: number | null;
            history: {
                revision: number;
                version: number | null;
                created_at: number;
            }[];
        };
        AliasInput: {
            version: number;
        };
        Retention: {
            /** @enum {string} */
            object: "retention";
            model: string;
            head: number;
            versions: number[];
            documents: {
                id: string;
                title: string;
                version: number;
            }[];
            matrix: ({
                correct: number;
                total: number;
                logprob: number;
            } | null)[][];
            acc: number | null;
            bwt: number | null;
            forgetting: number | null;
            learned: number | null;
            base: number | null;
            retained: number | null;
        };
        Evaluation: {
            /** @enum {string} */
            object: "evaluation";
            id: string;
            model: string;
            update_id: string;
            version: number | null;
            document_id: string;
            correct: number;
            total: number;
            logprob: number;
            answers: {
                probe_id: string;
                question: string;
                gold: string;
                answer: string;
                correct: boolean;
                logprob: number;
                graded_by: string;
            }[];
            created_at: number;
        };
        Practice: {
            /** @enum {string} */
            object: "practice";
            id: string;
            model: string;
            update_id: string;
            /** @enum {string} */
            state: "queued" | "studying" | "awaiting_review" | "training" | "evaluating" | "promoted" | "rejected" | "failed" | "cancelled";
            progress: {
                phase: string;
                fraction: number;
            };
            document_ids: string[];
            held_out_document_ids: string[];
            settings: {
                rounds: number;
                candidates: number;
                /** @enum {string} */
                reward: "likelihood" | "accuracy";
                strategies: boolean;
                temperature: number;
                top_p: number;
            };
            rounds: {
                number: number;
                /** @enum {string} */
                state: "running" | "promoted" | "rejected";
                strategy: string | null;
                reward: number | null;
                reward_of_all: number | null;
                reliability: number | null;
                kept_share: number | null;
                rows: number | null;
                accuracy: {
                    before: number;
                    after: number;
                    total: number;
                } | null;
                verdict: {
                    /** @enum {string} */
                    action: "promote" | "clip" | "reject";
                    reason: string;
                    losses: number;
                    gains: number;
                    p_value: number | null;
                    regressed: boolean;
                    forgetting: {
                        accuracy_drop: number | null;
                        bits_per_token: number | null;
                        kl_bits: number | null;
                    };
                    budget: {
                        accuracy_drop: number | null;
                        bits_per_token: number | null;
                        kl_bits: number | null;
                    };
                    scale: number;
                    retention: {
                        alarms: ("pooled" | "documents" | "collapse" | "control")[];
                        pooled: {
                            statistic: string;
                            p_value: number;
                            mean_loss: number;
                        };
                        control: {
                            statistic: string;
                            p_value: number;
                            mean_loss: number;
                            losses: number;
                            gains: number;
                            total: number;
                        } | null;
                        noise_floor: number;
                        noise_measured: number | null;
                        e_value: number;
                        outcomes: {
                            regressed: number;
                            retained: number;
                            insufficient_data: number;
                        };
                        documents: {
                            document_id: string;
                            questions: number;
                            mean_loss: number;
                            p_value: number;
                            q_value: number;
                            e_value: number;
                            /** @enum {string} */
                            outcome: "regressed" | "retained" | "insufficient_data";
                            questions_missing: number | null;
                        }[];
                    } | null;
                } | null;
                per_minute: {
                    strategies: number | null;
                    samples: number | null;
                } | null;
                seconds: {
                    [key: string]: number;
                } | null;
                policy: string | null;
            }[];
            error: {
                code: string;
                message: string;
            } | null;
            cancel_requested: boolean;
            created_at: number;
            started_at: number | null;
            finished_at: number | null;
        };
        PracticeInput: {
            /** @default 2 */
            rounds?: number;
            /** @default 5 */
            candidates?: number;
            /**
             * @default likelihood
             * @enum {string}
             */
            reward?: "likelihood" | "accuracy";
            /** @default false */
            strategies?: boolean;
            /** @default 0.9 */
            temperature?: number;
            /** @default 0.95 */
            top_p?: number;
            documents?: string[];
            held_out_documents?: string[];
        };
        Policy: {
            /** @enum {string} */
            object: "policy";
            model: string;
            /** @description 0 is what came with the base: its study adapter, or nothing. */
            policy: number;
            /** @description It writes the self-edits of the documents that are studied from now on. */
            active: boolean;
            /** @description Null for policy 0, as all that follows. */
            practice_id: string | null;
            round: number | null;
            /** @description Of its adapter. */
            sha256: string | null;
            /** @description When its round began. */
            created_at: number | null;
        };
        PolicyRollback: {
            policy: number;
        };
        Alert: {
            /** @enum {string} */
            object: "alert";
            id: string;
            model: string;
            update_id: string;
            document_ids: string[];
            version: number | null;
            culprit: {
                update_id: string;
                /** @enum {string} */
                kind: "incorporate" | "consolidate" | "evaluate" | "forget" | "practice";
                documents: {
                    id: string;
                    title: string;
                }[];
            };
            statistic: string;
            p_value: number;
            evidence: {
                document_id: string;
                probe_id: string;
                question: string;
                gold: string;
                before: {
                    answer: string;
                    correct: boolean;
                    logprob: number;
                };
                after: {
                    answer: string;
                    correct: boolean;
                    logprob: number;
                };
            }[];
            evidence_total: number;
            documents: {
                document_id: string;
                questions: number;
                mean_loss: number;
                p_value: number;
                q_value: number;
                e_value: number;
                /** @enum {string} */
                outcome: "regressed" | "retained" | "insufficient_data";
                questions_missing: number | null;
                title: string | null;
            }[];
            open_document_ids: string[];
            created_at: number;
        };
        WebhookWithSecret: {
            /** @enum {string} */
            object: "webhook";
            id: string;
            url: string;
            events: string[];
            enabled: boolean;
            models: string[] | null;
            disabled_reason: string | null;
            disabled_at: number | null;
            failing_since: number | null;
            held_until: number | null;
            created_at: number;
            secret: string;
        };
        Webhook: {
            /** @enum {string} */
            object: "webhook";
            id: string;
            url: string;
            events: string[];
            enabled: boolean;
            models: string[] | null;
            disabled_reason: string | null;
            disabled_at: number | null;
            failing_since: number | null;
            held_until: number | null;
            created_at: number;
        };
        Delivery: {
            /** @enum {string} */
            object: "delivery";
            id: string;
            webhook_id: string;
            event_id: string;
            event_type: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            attempts: number;
            next_attempt_at: number | null;
            last_status: number | null;
            last_error: string | null;
            delivered_at: number | null;
            created_at: number;
        };
        DeliveryWithLog: {
            /** @enum {string} */
            object: "delivery";
            id: string;
            webhook_id: string;
            event_id: string;
            event_type: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            attempts: number;
            next_attempt_at: number | null;
            last_status: number | null;
            last_error: string | null;
            delivered_at: number | null;
            created_at: number;
            data: {
                [key: string]: unknown;
            };
            log: {
                number: number;
                status: number | null;
                error: string | null;
                duration_ms: number;
                created_at: number;
            }[];
        };
        ApiKeyWithSecret: {
            /** @enum {string} */
            object: "api_key";
            id: string;
            name: string;
            /** @description How its secret begins. */
            hint: string;
            scopes: ("read" | "write" | "admin")[];
            models: string[] | null;
            rate_per_minute: number | null;
            created_at: number;
            expires_at: number | null;
            last_used_at: number | null;
            /** @description Shown this once; null where an `Idempotency-Key` asks for the same answer again. */
            secret: string | null;
        };
        ApiKeyInput: {
            /**
             * @description What it is for; people read it.
             * @example ingest job
             */
            name: string;
            /**
             * @description `read`: GET and questions. `write`: what changes something. `admin`: keys and the audit log.
             * @default [
             *       "read",
             *       "write"
             *     ]
             */
            scopes?: ("read" | "write" | "admin")[];
            /**
             * @description The models it may see and change; null for all, those to come included.
             * @default null
             */
            models?: string[] | null;
            /**
             * @description After that it is refused; null for never.
             * @default null
             */
            expires_in_seconds?: number | null;
            /**
             * @description Requests a minute; null for the service's own limit.
             * @default null
             */
            rate_per_minute?: number | null;
        };
        ApiKey: {
            /** @enum {string} */
            object: "api_key";
            id: string;
            name: string;
            /** @description How its secret begins. */
            hint: string;
            scopes: ("read" | "write" | "admin")[];
            models: string[] | null;
            rate_per_minute: number | null;
            created_at: number;
            expires_at: number | null;
            last_used_at: number | null;
        };
        GarbageCollection: {
            /** @enum {string} */
            object: "garbage_collection";
            dry_run: boolean;
            bytes: number;
            objects: {
                key: string;
                bytes: number;
                modified_at: number;
            }[];
        };
        GarbageCollectionInput: {
            /** @default false */
            dry_run?: boolean;
            /** @default 24 */
            grace_hours?: number;
        };
        AuditEntry: {
            /** @enum {string} */
            object: "audit_entry";
            id: string;
            /** @description Method and route of a call, or what the service did by itself. */
            action: string;
            path: string | null;
            /** @description Null: the service itself. */
            key: {
                id: string;
                name: string;
            } | null;
            request_id: string | null;
            update_id: string | null;
            /** @description As they were named then; null: it concerns all. */
            models: string[] | null;
            /** @description What was asked for, without texts and secrets. */
            input: {
                [key: string]: unknown;
            };
            /** @description Of the answer; null: no answer came, it may have happened. */
            status: number | null;
            created_at: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
