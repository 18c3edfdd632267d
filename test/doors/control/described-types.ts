export interface paths {
    "/api/splits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every split, where it stands
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits"];
        put?: never;
        /**
         * A new split with its arms, its policy and its weights
         * @description Needs the role admin.
         */
        post: operations["post_api_splits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events: `splits`, `still`, `trouble`
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything an operator needs; ETag = version
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug"];
        /**
         * What it is called, what comes to it, and whether it is in use; what is left out stays
         * @description Needs the role admin.
         */
        put: operations["put_api_splits_slug"];
        post?: never;
        /**
         * Archive it; it must be at rest
         * @description Needs the role admin.
         */
        delete: operations["delete_api_splits_slug"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What its jobs of today come to, of all callers together, and what they may
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_quota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rollout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything an operator needs; ETag = version
         * @description Needs the role viewer.
         */
        get: operations["get_api_rollout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rollout/advance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One step along the plan, if every gate is open
         * @description Needs the role operator.
         */
        post: operations["post_api_rollout_advance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rollout/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Back to the baseline at once; obeys no gate and no version
         * @description Needs the role operator.
         */
        post: operations["post_api_rollout_rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rollout/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop promotion; rollback stays armed
         * @description Needs the role operator.
         */
        post: operations["post_api_rollout_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rollout/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on after a pause
         * @description Needs the role operator.
         */
        post: operations["post_api_rollout_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rollout/rearm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Allow a new start after a rollback; the reason says why it is safe to begin again
         * @description Needs the role operator.
         */
        post: operations["post_api_rollout_rearm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rollout/weights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Weights by hand; raising the candidate obeys the gates
         * @description Needs the role operator.
         */
        put: operations["put_api_rollout_weights"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The policy that judges; ETag = its version
         * @description Needs the role viewer.
         */
        get: operations["get_api_policy"];
        /**
         * Save a policy; 409 confirmation-needed when a line would be crossed now or would have acted in the last hour
         * @description Needs the role operator.
         */
        put: operations["put_api_policy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a policy would have done over a span of the log
         * @description Needs the role viewer.
         */
        post: operations["post_api_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Both providers over time against the red lines
         * @description Needs the role viewer.
         */
        get: operations["get_api_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The arms by model, size or caller, from the log of at most a day
         * @description Needs the role viewer.
         */
        get: operations["get_api_segments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events: `snapshot`, `still`, `trouble`
         * @description Needs the role viewer.
         */
        get: operations["get_api_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/advance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One step along the plan, if every gate is open
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_advance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Back to the baseline at once; obeys no gate and no version
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop promotion; rollback stays armed
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on after a pause
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/rearm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Allow a new start after a rollback; the reason says why it is safe to begin again
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_rearm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/weights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Weights by hand; raising the candidate obeys the gates
         * @description Needs the role operator.
         */
        put: operations["put_api_splits_slug_weights"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The policy that judges; ETag = its version
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_policy"];
        /**
         * Save a policy; 409 confirmation-needed when a line would be crossed now or would have acted in the last hour
         * @description Needs the role operator.
         */
        put: operations["put_api_splits_slug_policy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a policy would have done over a span of the log
         * @description Needs the role viewer.
         */
        post: operations["post_api_splits_slug_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Both providers over time against the red lines
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/segments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The arms by model, size or caller, from the log of at most a day
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_segments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events: `snapshot`, `still`, `trouble`
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every change of its weights, its policy and its arms, newest first
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its requests from the log, the newest first
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/requests/{request}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One request: its attempts, what was changed on its way, what it cost
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_requests_request"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One rollback by its number in the journal of the split's weights: verdict, who was hurt, what changed before, what came after
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_incidents_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/comparisons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was compared last, the newest first, and the votes of all; without images
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_comparisons"];
        put?: never;
        /**
         * Run one prompt at the baseline and a candidate, outside of every sample; who, its digest and its cost are journaled
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_comparisons"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/comparisons/{id}/vote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say which was better, once each person; an event of its own, which no red line reads
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_comparisons_id_vote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/card-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A link to the picture of this split: it opens without signing in, shows numbers and no names, and ends by itself
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_card_links"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/s/{slug}/card.png": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The picture of a split, by the token of a link to it */
        get: operations["get_s_slug_card_png"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its jobs, the newest first
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One job: what happened to it, and when
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_jobs_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/jobs/{job}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Its provider is asked to stop it
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_jobs_job_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/jobs/{job}/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * It is looked at now, whatever was in the way
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_jobs_job_poll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/in-flight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Jobs that have not ended, by arm and provider, and what became of those of the last hour
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_in_flight"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/job-outlook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long until the ends of its jobs can be judged in each stage, and what a bad candidate costs until then
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_job_outlook"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/in-flight/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All that run at a provider are looked at now, whatever was in the way
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_in_flight_poll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/arms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its arms
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_arms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/arms/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One arm
         * @description Needs the role viewer.
         */
        get: operations["get_api_splits_slug_arms_name"];
        /**
         * Add an arm, or change one that serves nothing
         * @description Needs the role admin.
         */
        put: operations["put_api_splits_slug_arms_name"];
        post?: never;
        /**
         * Remove an arm that neither weights nor policy name
         * @description Needs the role admin.
         */
        delete: operations["delete_api_splits_slug_arms_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Providers, without their keys
         * @description Needs the role viewer.
         */
        get: operations["get_api_providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One provider
         * @description Needs the role viewer.
         */
        get: operations["get_api_providers_name"];
        /**
         * Add a provider or change one; what is left out stays
         * @description Needs the role admin.
         */
        put: operations["put_api_providers_name"];
        post?: never;
        /**
         * Remove a provider that no arm needs, with its keys and models
         * @description Needs the role admin.
         */
        delete: operations["delete_api_providers_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a provider its cheapest request, outside of every sample, and say what came of it; journaled
         * @description Needs the role operator.
         */
        post: operations["post_api_providers_name_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Aliases of models
         * @description Needs the role viewer.
         */
        get: operations["get_api_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{provider}/{alias}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One alias at one provider
         * @description Needs the role viewer.
         */
        get: operations["get_api_models_provider_alias"];
        /**
         * Say what an alias is at a provider
         * @description Needs the role admin.
         */
        put: operations["put_api_models_provider_alias"];
        post?: never;
        /**
         * Forget an alias at a provider
         * @description Needs the role admin.
         */
        delete: operations["delete_api_models_provider_alias"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Dialects of relays: those that ship, and your own
         * @description Needs the role viewer.
         */
        get: operations["get_api_dialects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dialects/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One dialect, with its rules
         * @description Needs the role viewer.
         */
        get: operations["get_api_dialects_name"];
        /**
         * Add a dialect of your own or change one; relays speak it at once
         * @description Needs the role admin.
         */
        put: operations["put_api_dialects_name"];
        post?: never;
        /**
         * Remove a dialect that no provider speaks
         * @description Needs the role admin.
         */
        delete: operations["delete_api_dialects_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/splits/{slug}/shape": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put the questions of a relay’s dialect that cost nothing to each of its arms, and say where the answers part
         * @description Needs the role operator.
         */
        post: operations["post_api_splits_slug_shape"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open alerts
         * @description Needs the role viewer.
         */
        get: operations["get_api_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alerts/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody has seen it
         * @description Needs the role operator.
         */
        post: operations["post_api_alerts_id_acknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every change, newest first
         * @description Needs the role viewer.
         */
        get: operations["get_api_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/journal/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One entry
         * @description Needs the role viewer.
         */
        get: operations["get_api_journal_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I
         * @description Needs the role viewer.
         */
        get: operations["get_api_session"];
        put?: never;
        /** Sign in by one of the ways; answers a cookie */
        post: operations["post_api_session"];
        /** Sign out */
        delete: operations["delete_api_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether you sign in by a password of ours, and whether anybody may
         * @description Needs the role viewer.
         */
        get: operations["get_api_session_password"];
        /**
         * Choose another password; your sessions elsewhere end
         * @description Needs the role viewer.
         */
        put: operations["put_api_session_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Operators, without their tokens
         * @description Needs the role admin.
         */
        get: operations["get_api_operators"];
        put?: never;
        /**
         * Add an operator; the token is answered this once
         * @description Needs the role admin.
         */
        post: operations["post_api_operators"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operators/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token and its sessions
         * @description Needs the role admin.
         */
        delete: operations["delete_api_operators_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open sessions, without what is in their cookies
         * @description Needs the role admin.
         */
        get: operations["get_api_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session
         * @description Needs the role admin.
         */
        delete: operations["delete_api_sessions_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Invites that would still let somebody in
         * @description Needs the role admin.
         */
        get: operations["get_api_invites"];
        put?: never;
        /**
         * Invite an operator; the link is answered this once, and works once
         * @description Needs the role admin.
         */
        post: operations["post_api_invites"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invites/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invite that was not used
         * @description Needs the role admin.
         */
        delete: operations["delete_api_invites_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invites/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose a password by an invite, once; answers a cookie */
        post: operations["post_api_invites_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where alerts go, without secrets
         * @description Needs the role admin.
         */
        get: operations["get_api_alert_channels"];
        put?: never;
        /**
         * Add a channel; its address must be public https
         * @description Needs the role admin.
         */
        post: operations["post_api_alert_channels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest messages to channels: when each was taken, or why not
         * @description Needs the role admin.
         */
        get: operations["get_api_alert_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Name a channel, and say which alerts go there; its address stays
         * @description Needs the role admin.
         */
        put: operations["put_api_alert_channels_id"];
        post?: never;
        /**
         * Remove a channel
         * @description Needs the role admin.
         */
        delete: operations["delete_api_alert_channels_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-channels/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message now
         * @description Needs the role admin.
         */
        post: operations["post_api_alert_channels_id_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The stored keys of a provider, without the keys, and where the one in use comes from
         * @description Needs the role admin.
         */
        get: operations["get_api_providers_name_keys"];
        put?: never;
        /**
         * Store a key of a provider; it is used at once
         * @description Needs the role admin.
         */
        post: operations["post_api_providers_name_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Callers, without their keys
         * @description Needs the role admin.
         */
        get: operations["get_api_callers"];
        put?: never;
        /**
         * Add a caller; its key is answered this once
         * @description Needs the role admin.
         */
        post: operations["post_api_callers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callers/{name}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Another key of a caller; the older ones work until they are revoked
         * @description Needs the role admin.
         */
        post: operations["post_api_callers_name_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callers/{name}/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * What a caller may spend on jobs from now on
         * @description Needs the role admin.
         */
        put: operations["put_api_callers_name_quota"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callers/{name}/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Which models a caller may ask for from now on
         * @description Needs the role admin.
         */
        put: operations["put_api_callers_name_models"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callers/{name}/prefixes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Which relays a caller may use from now on
         * @description Needs the role admin.
         */
        put: operations["put_api_callers_name_prefixes"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * What a caller may from now on; what is left out stays
         * @description Needs the role admin.
         */
        put: operations["put_api_callers_name"];
        post?: never;
        /**
         * Revoke every key of a caller, or one; its name stays known, so nobody is let in without a key
         * @description Needs the role admin.
         */
        delete: operations["delete_api_callers_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cron/watchdog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One tick */
        get: operations["get_api_cron_watchdog"];
        put?: never;
        /** One tick */
        post: operations["post_api_cron_watchdog"];
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
        /** Prometheus */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{picture}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture of the providers that a keyless preview simulates in process; 404 anywhere else */
        get: operations["get_images_picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["get_api_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sluice.schema.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The JSON Schema of sluice.yaml, for editors */
        get: operations["get_api_sluice_schema_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/generate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make images */
        post: operations["post_api_generate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/webhooks/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where a provider says that a job has news; the job is looked at then */
        post: operations["post_api_jobs_webhooks_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's jobs, the newest first */
        get: operations["get_api_jobs"];
        put?: never;
        /** Begin a job: a video, or whatever takes its time */
        post: operations["post_api_jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the caller may spend on jobs, and has spent today */
        get: operations["get_api_quota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of a job */
        get: operations["get_api_jobs_job"];
        put?: never;
        post?: never;
        /** Cancel a job that runs; forget one that has ended */
        delete: operations["delete_api_jobs_job"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as a stream: told whenever it is news, until the job has ended */
        get: operations["get_api_jobs_job_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same in the shape of OpenAI */
        post: operations["post_v1_images_generations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make images of images, in the shape of OpenAI: a form with files, or JSON */
        post: operations["post_v1_images_edits"];
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
        /** The models that can be made now, as OpenAI lists them */
        get: operations["get_v1_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model can be made now */
        get: operations["get_v1_models_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's videos */
        get: operations["get_v1_videos"];
        put?: never;
        /** Begin a video, in the shape of OpenAI's: a form, with a picture perhaps, or JSON */
        post: operations["post_v1_videos"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of a video */
        get: operations["get_v1_videos_video"];
        put?: never;
        post?: never;
        /** Forget a video that has ended; one that is being made is stopped, and deleted when it has ended */
        delete: operations["delete_v1_videos_video"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a video that is completed, from where its provider keeps them */
        get: operations["get_v1_videos_video_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video}/remix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin the same video with another prompt */
        post: operations["post_v1_videos_video_remix"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fal/run/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same in the shape of FAL: the path and the body are a FAL model's own */
        post: operations["post_fal_run_model"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/fal/proxy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The protocol of @fal-ai/server-proxy: x-fal-target-url names the model, or the request in the queue */
        get: operations["get_api_fal_proxy"];
        /** The protocol of @fal-ai/server-proxy: x-fal-target-url names the model, or the request in the queue */
        put: operations["put_api_fal_proxy"];
        /** The protocol of @fal-ai/server-proxy: x-fal-target-url names the model, or the request in the queue */
        post: operations["post_api_fal_proxy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fal/queue/{call}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** FAL's queue: …/requests/{id}/status, …/status/stream, and …/requests/{id} for what came of it */
        get: operations["get_fal_queue_call"];
        /** FAL's queue: …/requests/{id}/cancel */
        put: operations["put_fal_queue_call"];
        /** FAL's queue: begin a job; the path and the body are a FAL model's own */
        post: operations["post_fal_queue_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fal/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public key that signs what `fal_webhook` is told (JWKS, Ed25519) */
        get: operations["get_fal_well_known_jwks_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/vouchers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issue a regenerate voucher for a request */
        post: operations["post_api_vouchers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Events of services without SQL access */
        post: operations["post_api_events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Providers and checks */
        get: operations["get_api_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process runs */
        get: operations["get_api_health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process can serve */
        get: operations["get_api_health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/security.txt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom to tell about a vulnerability (RFC 9116); 404 where the operator has named nobody */
        get: operations["get_well_known_security_txt"];
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
        Problem: {
            /** @description urn:sluice:problem:<code> */
            type: string;
            title: string;
            status: number;
            /** @description a sentence: what was not done, why, and what to do */
            detail: string;
            code: string;
            request_id: string;
            errors: ({
                pointer: string;
                detail: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @description role: the role that may do this */
            needs?: string;
            /** @description stale-version: the version now */
            version?: number | null;
            weights?: {
                [key: string]: number;
            } | null;
            stage?: string | null;
            by?: string | null;
            at?: string | null;
            /** @description gate-closed: what stands in the way */
            blockers?: ({
                code: string;
                detail: string;
            } & {
                [key: string]: unknown;
            })[];
            accepted?: number;
            rejected?: number;
            /** @description whom a generation was sent to */
            attempts?: ({
                attempt: number;
                provider: string;
            } & {
                [key: string]: unknown;
            })[];
            /**
             * @description the image may have been made, and billed
             * @constant
             */
            outcome?: "unknown";
        } & {
            [key: string]: unknown;
        };
        OpenaiError: {
            error: {
                message: string;
                type: string;
                param: string | null;
                code: string | null;
            };
        };
        FalError: {
            detail: string | {
                loc: string[];
                msg: string;
                type: string;
            }[];
            error_type?: string;
            message: string;
            request_id: string;
            outcome?: string;
        };
    };
    responses: {
        /** @description A sentence that says why (RFC 9457) */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description As FAL refuses */
        FalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["FalError"];
            };
        };
        /** @description As OpenAI refuses */
        OpenaiError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenaiError"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_api_splits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        now: string;
                        version: number;
                        splits: ({
                            slug: string;
                            key: string;
                            /** @enum {string} */
                            kind: "image" | "job" | "relay" | "assign";
                            label: string;
                            prefixes: string[];
                            is_default: boolean;
                            archived_at: string | null;
                            version: number | null;
                            weights: {
                                [key: string]: number;
                            } | null;
                            stage: string | null;
                            without: string[];
                            baseline: string | null;
                            candidate_share: number | null;
                            worst: string | null;
                            worst_line: ({
                                arm: string;
                                /** @enum {string} */
                                metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                value: number | null;
                                limit: number | null;
                                /** @description null: it is not over, or has been for its whole hold or longer */
                                over_since: string | null;
                                acts_at: string | null;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                            error: string | null;
                            next: string | null;
                            eligible_at: string | null;
                            since: string | null;
                            by: string | null;
                            paused: boolean;
                            paused_by: string | null;
                            pause_reason: string | null;
                            rolled_back: boolean;
                            /** @description who let it begin again, while it has not */
                            rearmed_by: string | null;
                            shares: ({
                                at: string;
                                share: number;
                            } & {
                                [key: string]: unknown;
                            })[];
                            per_minute: number;
                            /** @description its events keep where images lie; null: as SLUICE_EVENT_IMAGE_HOURS says */
                            image_hours: number | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description in addresses and commands: small letters, digits and "-" */
                    slug: string;
                    /** @description image, job, relay or assign */
                    kind: string;
                    /** @description of its row in feature_flags; left out, the slug in capitals with _WEIGHTS */
                    key?: string;
                    /** @description what people read */
                    label?: string;
                    /** @description what comes here unasked: paths such as /kling, models such as flux-* */
                    match?: {
                        prefixes?: string[];
                        models?: string[];
                    };
                    /** @description requests of this kind that name no split and match none come here */
                    is_default?: boolean;
                    /** @description the arm to fall back to */
                    baseline: string;
                    /** @description arms that are rolled out */
                    candidates: string[];
                    /** @description left out, each is the provider of its name */
                    arms?: {
                        /** @description as weights name it */
                        name: string;
                        /** @description whom it sends to */
                        provider: string;
                        /** @description pinned: what a request says of it does not count; null: as the request says */
                        model?: string | null;
                        /** @description pinned beside the model */
                        params?: {
                            [key: string]: unknown;
                        };
                    }[];
                    /** @description left out, the plan of the first split for these arms */
                    policy?: {
                        [key: string]: unknown;
                    };
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Made, with all traffic on its baseline; ETag = version, of its weights */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        slug: string;
                        key: string;
                        version: number;
                        weights: {
                            [key: string]: number;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_stream: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events; `splits` has the body of GET /api/splits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything an operator needs; ETag = version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        now: string;
                        split: string;
                        slug: string;
                        version: number;
                        /** @enum {string} */
                        mode: "live" | "sandbox";
                        baseline: string;
                        candidate: string;
                        arms: ({
                            name: string;
                            provider: string;
                            model: string | null;
                            share: number;
                            /** @enum {string} */
                            role: "baseline" | "candidate" | "none";
                            stage: string | null;
                            requests: number;
                            rollout_started_at: string | null;
                            latched: {
                                at: string;
                                by: string;
                                reason: string | null;
                            } | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        weights: {
                            [key: string]: number;
                        };
                        weights_fault: string | null;
                        stage: string;
                        without: string[];
                        stage_started_at: string | null;
                        stage_by: string | null;
                        rollout_started_at: string | null;
                        paused: {
                            at: string;
                            by: string;
                            reason: string | null;
                        } | null;
                        latched: {
                            at: string;
                            by: string;
                            reason: string | null;
                            journal_id: number;
                        } | null;
                        plan: {
                            name: string;
                            weights: {
                                [key: string]: number;
                            };
                            observe_seconds: number | null;
                            /** @enum {string} */
                            state: "past" | "current" | "next" | "future";
                            entered_at: string | null;
                            by: string | null;
                        }[];
                        observation: {
                            served_seconds: number;
                            needed_seconds: number | null;
                            eligible_at: string | null;
                            requests: number;
                            needed_requests: number;
                        } & {
                            [key: string]: unknown;
                        };
                        next: {
                            name: string;
                            weights: {
                                [key: string]: number;
                            };
                        } | null;
                        blockers: {
                            code: string;
                            detail: string;
                            params: {
                                [key: string]: string | number | null;
                            };
                        }[];
                        red_lines: ({
                            arm: string;
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            /** @enum {string} */
                            verdict: "ok" | "breach" | "held" | "shared_cause" | "insufficient" | "no_traffic" | "blind";
                            value: number | null;
                            limit: number | null;
                            /** @enum {string} */
                            comparison: ">=" | ">";
                            n: number;
                            window_seconds: number;
                            hold_seconds: number;
                            breached_for_seconds: number;
                            evidence: {
                                chance: number;
                                threshold: number;
                                atLine: number;
                                lineThreshold: number;
                                dispersion: number;
                                /** @enum {string} */
                                pattern: "steady" | "comes_and_goes";
                                horizonSeconds: number;
                                n: number;
                                hits: number;
                                stillSo: boolean;
                            } | null;
                            baseline_value: number | null;
                            baseline_n: number;
                            hindrance: string | null;
                            exposure: {
                                median_delay_seconds: number;
                                known_vouchers: number;
                            } | null;
                            /** @enum {string} */
                            action: "rollback" | "signal";
                            acts_at: string | null;
                            trend: ({
                                from: string;
                                step_seconds: number;
                                values: (number | null)[];
                                baseline: (number | null)[];
                                over: number[][];
                                spared: ({
                                    from: string;
                                    to: string;
                                    verdict: string;
                                    hindrance: string | null;
                                    over_seconds: number;
                                    hits: number | null;
                                    n: number | null;
                                    chance: number | null;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                            explanation: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        warnings: ({
                            arm: string;
                            /** @enum {string} */
                            metric: "failure_rate" | "p95_latency_ms";
                            since: string;
                            odds: number;
                            explanation: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        observed: {
                            window_seconds: number;
                            since_seconds: number;
                            total: number;
                            shares: {
                                [key: string]: number;
                            };
                            recent: {
                                total: number;
                                shares: {
                                    [key: string]: number;
                                };
                            };
                            alarm: boolean;
                            chance: number | null;
                            arm: string | null;
                        } & {
                            [key: string]: unknown;
                        };
                        pinned: ({
                            arm: string;
                            field: string;
                            requests: number;
                            share: number;
                        } & {
                            [key: string]: unknown;
                        })[];
                        watchdog: {
                            alive: boolean;
                            last_tick_at: string | null;
                            interval_seconds: number;
                            by: string | null;
                            duration_ms: number | null;
                            last_error: string | null;
                        } & {
                            [key: string]: unknown;
                        };
                        providers: {
                            [key: string]: {
                                ok: boolean;
                                latency_ms: number | null;
                                error: string | null;
                                configured: boolean;
                                deprecated?: boolean;
                                /** @enum {string} */
                                breaker: "closed" | "open" | "half_open";
                                recent: {
                                    requests: number;
                                    failures: number;
                                    window_seconds: number;
                                    p95_ms: number | null;
                                };
                                simulated: boolean;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                        instances: ({
                            id: string;
                            /** @enum {string} */
                            kind: "web" | "watchdog";
                            version: number | null;
                            seen_at: string;
                            age_seconds: number;
                            alive: boolean;
                            spool_depth: number;
                            clock_skew_ms: number | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        seen_by_all: boolean;
                        alerts: {
                            id: number;
                            kind: string;
                            at: string;
                            detail: string;
                            params: {
                                [key: string]: unknown;
                            };
                            journal_id: number | null;
                            blocks_advance: boolean;
                            acknowledged: {
                                at: string;
                                by: string;
                                reason: string | null;
                            } | null;
                            resolved_at: string | null;
                        }[];
                        checklist: {
                            id: string;
                            arm?: string;
                            /** @enum {string} */
                            state: "ok" | "waiting" | "failing";
                            detail: string;
                        }[];
                        story: {
                            attempts: ({
                                from: string;
                                steps: ({
                                    at: string;
                                    weights: {
                                        [key: string]: number;
                                    };
                                    stage: string | null;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                marks: ({
                                    at: string;
                                    verb: string;
                                    by: string;
                                    stage: string | null;
                                    journal_id: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                ended: ({
                                    at: string;
                                    by: string;
                                    verb: string;
                                    stage: string | null;
                                    share: number;
                                    metric: ("p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit") | null;
                                    value: number | null;
                                    reason: string | null;
                                    journal_id: number;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                            breaches: ({
                                arm: string | null;
                                /** @enum {string} */
                                metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                from: string;
                                to: string | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                            rearmed: ({
                                at: string;
                                by: string;
                                reason: string | null;
                                journal_id: number;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                        } & {
                            [key: string]: unknown;
                        };
                        traffic: {
                            window_seconds: number;
                            requests: number;
                            per_minute: number;
                            failed: number;
                            rescued: number | null;
                            users: number | null;
                            extra_usd: number | null;
                        } & {
                            [key: string]: unknown;
                        };
                        policy: {
                            version: number;
                            /** @enum {string} */
                            source: "default" | "row";
                            fault: string | null;
                            auto_advance: boolean;
                        };
                        build: string;
                        migration: string;
                        me: {
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_splits_slug: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what it is called from now on */
                    slug?: string;
                    /** @description what people read */
                    label?: string;
                    /** @description what comes here unasked: paths such as /kling, models such as flux-* */
                    match?: {
                        prefixes?: string[];
                        models?: string[];
                    };
                    /** @description requests of this kind that name no split and match none come here */
                    is_default?: boolean;
                    /** @description what may be spent on its jobs; what it leaves out is not limited */
                    quota?: {
                        jobs?: {
                            spend_per_day_usd?: number;
                            creates_per_day?: number;
                            in_flight?: number;
                        };
                    };
                    /** @description how long its events keep where images lie; 0 is not at all, null as SLUICE_EVENT_IMAGE_HOURS says */
                    image_hours?: number | null;
                    /** @description out of use; only a split at rest can be */
                    archived?: boolean;
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description As it is now; ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        slug: string;
                        key: string;
                        /** @enum {string} */
                        kind: "image" | "job" | "relay" | "assign";
                        label: string;
                        is_default: boolean;
                        archived: boolean;
                        match: {
                            prefixes?: string[];
                            models?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                        quota: {
                            jobs?: {
                                [key: string]: number;
                            };
                        } & {
                            [key: string]: unknown;
                        };
                        /** @description its events keep where images lie; null: as SLUICE_EVENT_IMAGE_HOURS says */
                        image_hours: number | null;
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_splits_slug: {
        parameters: {
            query?: {
                /** @description why; the journal keeps it */
                reason?: string | null;
            };
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now; ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        slug: string;
                        key: string;
                        /** @enum {string} */
                        kind: "image" | "job" | "relay" | "assign";
                        label: string;
                        is_default: boolean;
                        archived: boolean;
                        match: {
                            prefixes?: string[];
                            models?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                        quota: {
                            jobs?: {
                                [key: string]: number;
                            };
                        } & {
                            [key: string]: unknown;
                        };
                        /** @description its events keep where images lie; null: as SLUICE_EVENT_IMAGE_HOURS says */
                        image_hours: number | null;
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_quota: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        split: string;
                        /** @description of UTC */
                        day: string;
                        quota: {
                            jobs?: {
                                spend_per_day_usd?: number;
                                creates_per_day?: number;
                                in_flight?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } & {
                            [key: string]: unknown;
                        };
                        today: {
                            /** @description jobs begun today, by UTC */
                            begun: number;
                            spent_usd: number;
                            /** @description may have been charged */
                            unknown_usd: number;
                            /** @description by jobs of today that run still */
                            held_usd: number;
                            /** @description jobs that have not ended, whenever begun */
                            in_flight: number;
                        };
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_rollout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything an operator needs; ETag = version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        now: string;
                        split: string;
                        slug: string;
                        version: number;
                        /** @enum {string} */
                        mode: "live" | "sandbox";
                        baseline: string;
                        candidate: string;
                        arms: ({
                            name: string;
                            provider: string;
                            model: string | null;
                            share: number;
                            /** @enum {string} */
                            role: "baseline" | "candidate" | "none";
                            stage: string | null;
                            requests: number;
                            rollout_started_at: string | null;
                            latched: {
                                at: string;
                                by: string;
                                reason: string | null;
                            } | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        weights: {
                            [key: string]: number;
                        };
                        weights_fault: string | null;
                        stage: string;
                        without: string[];
                        stage_started_at: string | null;
                        stage_by: string | null;
                        rollout_started_at: string | null;
                        paused: {
                            at: string;
                            by: string;
                            reason: string | null;
                        } | null;
                        latched: {
                            at: string;
                            by: string;
                            reason: string | null;
                            journal_id: number;
                        } | null;
                        plan: {
                            name: string;
                            weights: {
                                [key: string]: number;
                            };
                            observe_seconds: number | null;
                            /** @enum {string} */
                            state: "past" | "current" | "next" | "future";
                            entered_at: string | null;
                            by: string | null;
                        }[];
                        observation: {
                            served_seconds: number;
                            needed_seconds: number | null;
                            eligible_at: string | null;
                            requests: number;
                            needed_requests: number;
                        } & {
                            [key: string]: unknown;
                        };
                        next: {
                            name: string;
                            weights: {
                                [key: string]: number;
                            };
                        } | null;
                        blockers: {
                            code: string;
                            detail: string;
                            params: {
                                [key: string]: string | number | null;
                            };
                        }[];
                        red_lines: ({
                            arm: string;
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            /** @enum {string} */
                            verdict: "ok" | "breach" | "held" | "shared_cause" | "insufficient" | "no_traffic" | "blind";
                            value: number | null;
                            limit: number | null;
                            /** @enum {string} */
                            comparison: ">=" | ">";
                            n: number;
                            window_seconds: number;
                            hold_seconds: number;
                            breached_for_seconds: number;
                            evidence: {
                                chance: number;
                                threshold: number;
                                atLine: number;
                                lineThreshold: number;
                                dispersion: number;
                                /** @enum {string} */
                                pattern: "steady" | "comes_and_goes";
                                horizonSeconds: number;
                                n: number;
                                hits: number;
                                stillSo: boolean;
                            } | null;
                            baseline_value: number | null;
                            baseline_n: number;
                            hindrance: string | null;
                            exposure: {
                                median_delay_seconds: number;
                                known_vouchers: number;
                            } | null;
                            /** @enum {string} */
                            action: "rollback" | "signal";
                            acts_at: string | null;
                            trend: ({
                                from: string;
                                step_seconds: number;
                                values: (number | null)[];
                                baseline: (number | null)[];
                                over: number[][];
                                spared: ({
                                    from: string;
                                    to: string;
                                    verdict: string;
                                    hindrance: string | null;
                                    over_seconds: number;
                                    hits: number | null;
                                    n: number | null;
                                    chance: number | null;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                            explanation: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        warnings: ({
                            arm: string;
                            /** @enum {string} */
                            metric: "failure_rate" | "p95_latency_ms";
                            since: string;
                            odds: number;
                            explanation: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        observed: {
                            window_seconds: number;
                            since_seconds: number;
                            total: number;
                            shares: {
                                [key: string]: number;
                            };
                            recent: {
                                total: number;
                                shares: {
                                    [key: string]: number;
                                };
                            };
                            alarm: boolean;
                            chance: number | null;
                            arm: string | null;
                        } & {
                            [key: string]: unknown;
                        };
                        pinned: ({
                            arm: string;
                            field: string;
                            requests: number;
                            share: number;
                        } & {
                            [key: string]: unknown;
                        })[];
                        watchdog: {
                            alive: boolean;
                            last_tick_at: string | null;
                            interval_seconds: number;
                            by: string | null;
                            duration_ms: number | null;
                            last_error: string | null;
                        } & {
                            [key: string]: unknown;
                        };
                        providers: {
                            [key: string]: {
                                ok: boolean;
                                latency_ms: number | null;
                                error: string | null;
                                configured: boolean;
                                deprecated?: boolean;
                                /** @enum {string} */
                                breaker: "closed" | "open" | "half_open";
                                recent: {
                                    requests: number;
                                    failures: number;
                                    window_seconds: number;
                                    p95_ms: number | null;
                                };
                                simulated: boolean;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                        instances: ({
                            id: string;
                            /** @enum {string} */
                            kind: "web" | "watchdog";
                            version: number | null;
                            seen_at: string;
                            age_seconds: number;
                            alive: boolean;
                            spool_depth: number;
                            clock_skew_ms: number | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        seen_by_all: boolean;
                        alerts: {
                            id: number;
                            kind: string;
                            at: string;
                            detail: string;
                            params: {
                                [key: string]: unknown;
                            };
                            journal_id: number | null;
                            blocks_advance: boolean;
                            acknowledged: {
                                at: string;
                                by: string;
                                reason: string | null;
                            } | null;
                            resolved_at: string | null;
                        }[];
                        checklist: {
                            id: string;
                            arm?: string;
                            /** @enum {string} */
                            state: "ok" | "waiting" | "failing";
                            detail: string;
                        }[];
                        story: {
                            attempts: ({
                                from: string;
                                steps: ({
                                    at: string;
                                    weights: {
                                        [key: string]: number;
                                    };
                                    stage: string | null;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                marks: ({
                                    at: string;
                                    verb: string;
                                    by: string;
                                    stage: string | null;
                                    journal_id: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                ended: ({
                                    at: string;
                                    by: string;
                                    verb: string;
                                    stage: string | null;
                                    share: number;
                                    metric: ("p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit") | null;
                                    value: number | null;
                                    reason: string | null;
                                    journal_id: number;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                            breaches: ({
                                arm: string | null;
                                /** @enum {string} */
                                metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                from: string;
                                to: string | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                            rearmed: ({
                                at: string;
                                by: string;
                                reason: string | null;
                                journal_id: number;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                        } & {
                            [key: string]: unknown;
                        };
                        traffic: {
                            window_seconds: number;
                            requests: number;
                            per_minute: number;
                            failed: number;
                            rescued: number | null;
                            users: number | null;
                            extra_usd: number | null;
                        } & {
                            [key: string]: unknown;
                        };
                        policy: {
                            version: number;
                            /** @enum {string} */
                            source: "default" | "row";
                            fault: string | null;
                            auto_advance: boolean;
                        };
                        build: string;
                        migration: string;
                        me: {
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_rollout_advance: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description name of the next stage */
                    to: string;
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description go although a gate is closed, with a reason */
                    override?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_rollout_rollback: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description the only arm that goes; left out, all candidates */
                    arm?: string;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_rollout_pause: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_rollout_resume: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_rollout_rearm: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description go although a gate is closed, with a reason */
                    override?: boolean | null;
                    /** @description the only arm that begins again */
                    arm?: string;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_rollout_weights: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description provider → share; their sum is 1 */
                    weights: {
                        [key: string]: number;
                    };
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description go although a gate is closed, with a reason */
                    override?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_policy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ETag = its version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        /** @enum {string} */
                        source: "default" | "row";
                        fault: string | null;
                        policy: {
                            baseline: string;
                            candidate?: string;
                            candidates?: string[];
                            stages: ({
                                name: string;
                                weights: {
                                    [key: string]: number;
                                };
                                observe: string | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                            rollback: {
                                [key: string]: number;
                            };
                            redLines: ({
                                /** @enum {string} */
                                metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                limit?: number;
                                timesBaseline?: number;
                                window: string;
                                hold: string;
                            } & {
                                [key: string]: unknown;
                            })[];
                            /** @enum {string} */
                            evidence: "confirmed" | "observed";
                            minRequests: number;
                            maxPinned?: number;
                            baselineCostUsd: number | null;
                            autoAdvance: boolean;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_policy: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    policy: {
                        /** @default fal */
                        baseline?: string;
                        candidate?: string;
                        candidates?: string[];
                        /**
                         * @default [
                         *       {
                         *         "name": "D1",
                         *         "weights": {
                         *           "fal": 0.9,
                         *           "runware": 0.1
                         *         },
                         *         "observe": "1h"
                         *       },
                         *       {
                         *         "name": "D2",
                         *         "weights": {
                         *           "fal": 0.5,
                         *           "runware": 0.5
                         *         },
                         *         "observe": "3h"
                         *       },
                         *       {
                         *         "name": "D3",
                         *         "weights": {
                         *           "fal": 0,
                         *           "runware": 1
                         *         },
                         *         "observe": null
                         *       }
                         *     ]
                         */
                        stages?: {
                            name: string;
                            weights: {
                                [key: string]: number;
                            };
                            observe: string | null;
                        }[];
                        /**
                         * @default {
                         *       "fal": 1,
                         *       "runware": 0
                         *     }
                         */
                        rollback?: {
                            [key: string]: number;
                        };
                        /**
                         * @default [
                         *       {
                         *         "metric": "p95_latency_ms",
                         *         "limit": 8000,
                         *         "window": "5m",
                         *         "hold": "5m"
                         *       },
                         *       {
                         *         "metric": "failure_rate",
                         *         "limit": 0.02,
                         *         "window": "5m",
                         *         "hold": "5m"
                         *       },
                         *       {
                         *         "metric": "cost_per_image",
                         *         "timesBaseline": 1.2,
                         *         "window": "1h",
                         *         "hold": "10m"
                         *       },
                         *       {
                         *         "metric": "regenerate_voucher_rate",
                         *         "limit": 0.05,
                         *         "window": "1h",
                         *         "hold": "10m"
                         *       }
                         *     ]
                         */
                        redLines?: {
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            limit?: number;
                            timesBaseline?: number;
                            window: string;
                            hold: string;
                            /** @enum {string} */
                            action?: "rollback" | "signal";
                        }[];
                        /**
                         * @default confirmed
                         * @enum {string}
                         */
                        evidence?: "confirmed" | "observed";
                        /**
                         * @default block
                         * @enum {string}
                         */
                        sharedCause?: "block" | "act";
                        /** @default 0 */
                        warningTolerance?: number;
                        /** @default 0.05 */
                        maxPinned?: number;
                        /** @default 150 */
                        minRequests?: number;
                        /** @default null */
                        baselineCostUsd?: number | null;
                        /** @default false */
                        autoAdvance?: boolean;
                    };
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description save it although it would act at once */
                    confirm?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_replay: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    policy?: {
                        /** @default fal */
                        baseline?: string;
                        candidate?: string;
                        candidates?: string[];
                        /**
                         * @default [
                         *       {
                         *         "name": "D1",
                         *         "weights": {
                         *           "fal": 0.9,
                         *           "runware": 0.1
                         *         },
                         *         "observe": "1h"
                         *       },
                         *       {
                         *         "name": "D2",
                         *         "weights": {
                         *           "fal": 0.5,
                         *           "runware": 0.5
                         *         },
                         *         "observe": "3h"
                         *       },
                         *       {
                         *         "name": "D3",
                         *         "weights": {
                         *           "fal": 0,
                         *           "runware": 1
                         *         },
                         *         "observe": null
                         *       }
                         *     ]
                         */
                        stages?: {
                            name: string;
                            weights: {
                                [key: string]: number;
                            };
                            observe: string | null;
                        }[];
                        /**
                         * @default {
                         *       "fal": 1,
                         *       "runware": 0
                         *     }
                         */
                        rollback?: {
                            [key: string]: number;
                        };
                        /**
                         * @default [
                         *       {
                         *         "metric": "p95_latency_ms",
                         *         "limit": 8000,
                         *         "window": "5m",
                         *         "hold": "5m"
                         *       },
                         *       {
                         *         "metric": "failure_rate",
                         *         "limit": 0.02,
                         *         "window": "5m",
                         *         "hold": "5m"
                         *       },
                         *       {
                         *         "metric": "cost_per_image",
                         *         "timesBaseline": 1.2,
                         *         "window": "1h",
                         *         "hold": "10m"
                         *       },
                         *       {
                         *         "metric": "regenerate_voucher_rate",
                         *         "limit": 0.05,
                         *         "window": "1h",
                         *         "hold": "10m"
                         *       }
                         *     ]
                         */
                        redLines?: {
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            limit?: number;
                            timesBaseline?: number;
                            window: string;
                            hold: string;
                            /** @enum {string} */
                            action?: "rollback" | "signal";
                        }[];
                        /**
                         * @default confirmed
                         * @enum {string}
                         */
                        evidence?: "confirmed" | "observed";
                        /**
                         * @default block
                         * @enum {string}
                         */
                        sharedCause?: "block" | "act";
                        /** @default 0 */
                        warningTolerance?: number;
                        /** @default 0.05 */
                        maxPinned?: number;
                        /** @default 150 */
                        minRequests?: number;
                        /** @default null */
                        baselineCostUsd?: number | null;
                        /** @default false */
                        autoAdvance?: boolean;
                    } | null;
                    /** @description duration such as 1h, 6h, 24h or 10d */
                    window?: string | null;
                    /** @description instant */
                    from?: string | null;
                    /** @description instant */
                    to?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rollback_at: string | null;
                        red_line: ("p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit") | null;
                        verdicts: ({
                            at: string;
                            arm: string;
                            /** @enum {string} */
                            red_line: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            /** @enum {string} */
                            verdict: "ok" | "breach" | "held" | "shared_cause" | "insufficient" | "no_traffic" | "blind";
                            acts: boolean;
                            hindrance: string | null;
                            value: number | null;
                            limit: number | null;
                            n: number;
                            breached_for_seconds: number;
                            chance: number | null;
                            explanation: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        rollbacks: {
                            at: string;
                            arm: string;
                            /** @enum {string} */
                            red_line: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            explanation: string;
                        }[];
                        from: string | null;
                        to: string | null;
                        events: number;
                        backfilled?: number;
                        lines: number;
                        flag_writes: {
                            at: string;
                            flag_key: string;
                            stage: string | null;
                            fault: string | null;
                        }[];
                        bad_lines: {
                            count: number;
                            first: {
                                line: number;
                                fault: string;
                            }[];
                        };
                        /** @enum {string} */
                        policy: "default" | "given" | "recorded";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_metrics: {
        parameters: {
            query?: {
                /** @description duration such as 1h, 6h, 24h or 10d */
                window?: string;
                /** @description instant */
                from?: string;
                /** @description instant */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        from: string;
                        to: string;
                        step_seconds: number;
                        providers: {
                            [key: string]: {
                                at: string;
                                requests: number;
                                p50_latency_ms: number | null;
                                p99_latency_ms: number | null;
                                p95_latency_ms: number | null;
                                failure_rate: number | null;
                                cost_per_image: number | null;
                                regenerate_voucher_rate: number | null;
                                accept_failure_rate?: number | null;
                                end_failure_rate?: number | null;
                                p95_time_to_done_ms?: number | null;
                                cost_per_unit?: number | null;
                            }[];
                        };
                        markers: ({
                            at: string;
                            kind: string;
                            label: string;
                            journal_id: number;
                            stage_to: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        weights: {
                            at: string;
                            weights: {
                                [key: string]: number;
                            };
                        }[];
                        lines: {
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            limit: number | null;
                            /** @enum {string} */
                            comparison: ">=" | ">";
                        }[];
                        breaches: {
                            arm: string;
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            from: string;
                            to: string;
                        }[];
                        failures: {
                            [key: string]: {
                                [key: string]: number;
                            };
                        };
                        failure_examples: {
                            at: string;
                            provider: string;
                            kind: string;
                            error: string;
                            request_id: string | null;
                        }[];
                        cost_basis: {
                            [key: string]: {
                                [key: string]: number;
                            };
                        };
                        comparison: ({
                            arm: string;
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            baseline: {
                                value: number | null;
                                n: number;
                                interval: [
                                    number,
                                    number
                                ] | null;
                            };
                            candidate: {
                                value: number | null;
                                n: number;
                                interval: [
                                    number,
                                    number
                                ] | null;
                            };
                            difference: number | null;
                            interval: [
                                number,
                                number
                            ] | null;
                            /** @enum {string} */
                            verdict: "better" | "same" | "worse" | "unknown";
                            sql: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_segments: {
        parameters: {
            query?: {
                /** @description duration such as 1h, 6h, 24h or 10d */
                window?: string;
                /** @description instant */
                from?: string;
                /** @description instant */
                to?: string;
                by?: "model" | "size" | "caller";
                /** @description the segment to chart over time */
                value?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        by: "model" | "size" | "caller";
                        from: string;
                        to: string;
                        segments: {
                            value: string | null;
                            requests: {
                                [key: string]: number;
                            };
                            comparison: ({
                                arm: string;
                                /** @enum {string} */
                                metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                baseline: {
                                    value: number | null;
                                    n: number;
                                    interval: [
                                        number,
                                        number
                                    ] | null;
                                };
                                candidate: {
                                    value: number | null;
                                    n: number;
                                    interval: [
                                        number,
                                        number
                                    ] | null;
                                };
                                difference: number | null;
                                interval: [
                                    number,
                                    number
                                ] | null;
                                /** @enum {string} */
                                verdict: "better" | "same" | "worse" | "unknown";
                            } & {
                                [key: string]: unknown;
                            })[];
                        }[];
                        others: number;
                        looks: number;
                        by_luck: number;
                        chart: {
                            value: string;
                            step_seconds: number;
                            providers: {
                                [key: string]: {
                                    at: string;
                                    requests: number;
                                    p50_latency_ms: number | null;
                                    p99_latency_ms: number | null;
                                    p95_latency_ms: number | null;
                                    failure_rate: number | null;
                                    cost_per_image: number | null;
                                    regenerate_voucher_rate: number | null;
                                    accept_failure_rate?: number | null;
                                    end_failure_rate?: number | null;
                                    p95_time_to_done_ms?: number | null;
                                    cost_per_unit?: number | null;
                                }[];
                            };
                        } | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_stream: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events; `snapshot` has the body of GET /api/rollout */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_advance: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description name of the next stage */
                    to: string;
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description go although a gate is closed, with a reason */
                    override?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_rollback: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match"?: string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description the only arm that goes; left out, all candidates */
                    arm?: string;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_pause: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_resume: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_rearm: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description go although a gate is closed, with a reason */
                    override?: boolean | null;
                    /** @description the only arm that begins again */
                    arm?: string;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_splits_slug_weights: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description provider → share; their sum is 1 */
                    weights: {
                        [key: string]: number;
                    };
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description go although a gate is closed, with a reason */
                    override?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ETag = its version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        /** @enum {string} */
                        source: "default" | "row";
                        fault: string | null;
                        policy: {
                            baseline: string;
                            candidate?: string;
                            candidates?: string[];
                            stages: ({
                                name: string;
                                weights: {
                                    [key: string]: number;
                                };
                                observe: string | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                            rollback: {
                                [key: string]: number;
                            };
                            redLines: ({
                                /** @enum {string} */
                                metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                limit?: number;
                                timesBaseline?: number;
                                window: string;
                                hold: string;
                            } & {
                                [key: string]: unknown;
                            })[];
                            /** @enum {string} */
                            evidence: "confirmed" | "observed";
                            minRequests: number;
                            maxPinned?: number;
                            baselineCostUsd: number | null;
                            autoAdvance: boolean;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_splits_slug_policy: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    policy: {
                        /** @default fal */
                        baseline?: string;
                        candidate?: string;
                        candidates?: string[];
                        /**
                         * @default [
                         *       {
                         *         "name": "D1",
                         *         "weights": {
                         *           "fal": 0.9,
                         *           "runware": 0.1
                         *         },
                         *         "observe": "1h"
                         *       },
                         *       {
                         *         "name": "D2",
                         *         "weights": {
                         *           "fal": 0.5,
                         *           "runware": 0.5
                         *         },
                         *         "observe": "3h"
                         *       },
                         *       {
                         *         "name": "D3",
                         *         "weights": {
                         *           "fal": 0,
                         *           "runware": 1
                         *         },
                         *         "observe": null
                         *       }
                         *     ]
                         */
                        stages?: {
                            name: string;
                            weights: {
                                [key: string]: number;
                            };
                            observe: string | null;
                        }[];
                        /**
                         * @default {
                         *       "fal": 1,
                         *       "runware": 0
                         *     }
                         */
                        rollback?: {
                            [key: string]: number;
                        };
                        /**
                         * @default [
                         *       {
                         *         "metric": "p95_latency_ms",
                         *         "limit": 8000,
                         *         "window": "5m",
                         *         "hold": "5m"
                         *       },
                         *       {
                         *         "metric": "failure_rate",
                         *         "limit": 0.02,
                         *         "window": "5m",
                         *         "hold": "5m"
                         *       },
                         *       {
                         *         "metric": "cost_per_image",
                         *         "timesBaseline": 1.2,
                         *         "window": "1h",
                         *         "hold": "10m"
                         *       },
                         *       {
                         *         "metric": "regenerate_voucher_rate",
                         *         "limit": 0.05,
                         *         "window": "1h",
                         *         "hold": "10m"
                         *       }
                         *     ]
                         */
                        redLines?: {
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            limit?: number;
                            timesBaseline?: number;
                            window: string;
                            hold: string;
                            /** @enum {string} */
                            action?: "rollback" | "signal";
                        }[];
                        /**
                         * @default confirmed
                         * @enum {string}
                         */
                        evidence?: "confirmed" | "observed";
                        /**
                         * @default block
                         * @enum {string}
                         */
                        sharedCause?: "block" | "act";
                        /** @default 0 */
                        warningTolerance?: number;
                        /** @default 0.05 */
                        maxPinned?: number;
                        /** @default 150 */
                        minRequests?: number;
                        /** @default null */
                        baselineCostUsd?: number | null;
                        /** @default false */
                        autoAdvance?: boolean;
                    };
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                    /** @description save it although it would act at once */
                    confirm?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Written; ETag is the new version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        journal_id: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    policy?: {
                        /** @default fal */
                        baseline?: string;
                        candidate?: string;
                        candidates?: string[];
                        /**
                         * @default [
                         *       {
                         *         "name": "D1",
                         *         "weights": {
                         *           "fal": 0.9,
                         *           "runware": 0.1
                         *         },
                         *         "observe": "1h"
                         *       },
                         *       {
                         *         "name": "D2",
                         *         "weights": {
                         *           "fal": 0.5,
                         *           "runware": 0.5
                         *         },
                         *         "observe": "3h"
                         *       },
                         *       {
                         *         "name": "D3",
                         *         "weights": {
                         *           "fal": 0,
                         *           "runware": 1
                         *         },
                         *         "observe": null
                         *       }
                         *     ]
                         */
                        stages?: {
                            name: string;
                            weights: {
                                [key: string]: number;
                            };
                            observe: string | null;
                        }[];
                        /**
                         * @default {
                         *       "fal": 1,
                         *       "runware": 0
                         *     }
                         */
                        rollback?: {
                            [key: string]: number;
                        };
                        /**
                         * @default [
                         *       {
                         *         "metric": "p95_latency_ms",
                         *         "limit": 8000,
                         *         "window": "5m",
                         *         "hold": "5m"
                         *       },
                         *       {
                         *         "metric": "failure_rate",
                         *         "limit": 0.02,
                         *         "window": "5m",
                         *         "hold": "5m"
                         *       },
                         *       {
                         *         "metric": "cost_per_image",
                         *         "timesBaseline": 1.2,
                         *         "window": "1h",
                         *         "hold": "10m"
                         *       },
                         *       {
                         *         "metric": "regenerate_voucher_rate",
                         *         "limit": 0.05,
                         *         "window": "1h",
                         *         "hold": "10m"
                         *       }
                         *     ]
                         */
                        redLines?: {
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            limit?: number;
                            timesBaseline?: number;
                            window: string;
                            hold: string;
                            /** @enum {string} */
                            action?: "rollback" | "signal";
                        }[];
                        /**
                         * @default confirmed
                         * @enum {string}
                         */
                        evidence?: "confirmed" | "observed";
                        /**
                         * @default block
                         * @enum {string}
                         */
                        sharedCause?: "block" | "act";
                        /** @default 0 */
                        warningTolerance?: number;
                        /** @default 0.05 */
                        maxPinned?: number;
                        /** @default 150 */
                        minRequests?: number;
                        /** @default null */
                        baselineCostUsd?: number | null;
                        /** @default false */
                        autoAdvance?: boolean;
                    } | null;
                    /** @description duration such as 1h, 6h, 24h or 10d */
                    window?: string | null;
                    /** @description instant */
                    from?: string | null;
                    /** @description instant */
                    to?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rollback_at: string | null;
                        red_line: ("p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit") | null;
                        verdicts: ({
                            at: string;
                            arm: string;
                            /** @enum {string} */
                            red_line: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            /** @enum {string} */
                            verdict: "ok" | "breach" | "held" | "shared_cause" | "insufficient" | "no_traffic" | "blind";
                            acts: boolean;
                            hindrance: string | null;
                            value: number | null;
                            limit: number | null;
                            n: number;
                            breached_for_seconds: number;
                            chance: number | null;
                            explanation: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        rollbacks: {
                            at: string;
                            arm: string;
                            /** @enum {string} */
                            red_line: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            explanation: string;
                        }[];
                        from: string | null;
                        to: string | null;
                        events: number;
                        backfilled?: number;
                        lines: number;
                        flag_writes: {
                            at: string;
                            flag_key: string;
                            stage: string | null;
                            fault: string | null;
                        }[];
                        bad_lines: {
                            count: number;
                            first: {
                                line: number;
                                fault: string;
                            }[];
                        };
                        /** @enum {string} */
                        policy: "default" | "given" | "recorded";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_metrics: {
        parameters: {
            query?: {
                /** @description duration such as 1h, 6h, 24h or 10d */
                window?: string;
                /** @description instant */
                from?: string;
                /** @description instant */
                to?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        from: string;
                        to: string;
                        step_seconds: number;
                        providers: {
                            [key: string]: {
                                at: string;
                                requests: number;
                                p50_latency_ms: number | null;
                                p99_latency_ms: number | null;
                                p95_latency_ms: number | null;
                                failure_rate: number | null;
                                cost_per_image: number | null;
                                regenerate_voucher_rate: number | null;
                                accept_failure_rate?: number | null;
                                end_failure_rate?: number | null;
                                p95_time_to_done_ms?: number | null;
                                cost_per_unit?: number | null;
                            }[];
                        };
                        markers: ({
                            at: string;
                            kind: string;
                            label: string;
                            journal_id: number;
                            stage_to: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        weights: {
                            at: string;
                            weights: {
                                [key: string]: number;
                            };
                        }[];
                        lines: {
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            limit: number | null;
                            /** @enum {string} */
                            comparison: ">=" | ">";
                        }[];
                        breaches: {
                            arm: string;
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            from: string;
                            to: string;
                        }[];
                        failures: {
                            [key: string]: {
                                [key: string]: number;
                            };
                        };
                        failure_examples: {
                            at: string;
                            provider: string;
                            kind: string;
                            error: string;
                            request_id: string | null;
                        }[];
                        cost_basis: {
                            [key: string]: {
                                [key: string]: number;
                            };
                        };
                        comparison: ({
                            arm: string;
                            /** @enum {string} */
                            metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                            baseline: {
                                value: number | null;
                                n: number;
                                interval: [
                                    number,
                                    number
                                ] | null;
                            };
                            candidate: {
                                value: number | null;
                                n: number;
                                interval: [
                                    number,
                                    number
                                ] | null;
                            };
                            difference: number | null;
                            interval: [
                                number,
                                number
                            ] | null;
                            /** @enum {string} */
                            verdict: "better" | "same" | "worse" | "unknown";
                            sql: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_segments: {
        parameters: {
            query?: {
                /** @description duration such as 1h, 6h, 24h or 10d */
                window?: string;
                /** @description instant */
                from?: string;
                /** @description instant */
                to?: string;
                by?: "model" | "size" | "caller";
                /** @description the segment to chart over time */
                value?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        by: "model" | "size" | "caller";
                        from: string;
                        to: string;
                        segments: {
                            value: string | null;
                            requests: {
                                [key: string]: number;
                            };
                            comparison: ({
                                arm: string;
                                /** @enum {string} */
                                metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                baseline: {
                                    value: number | null;
                                    n: number;
                                    interval: [
                                        number,
                                        number
                                    ] | null;
                                };
                                candidate: {
                                    value: number | null;
                                    n: number;
                                    interval: [
                                        number,
                                        number
                                    ] | null;
                                };
                                difference: number | null;
                                interval: [
                                    number,
                                    number
                                ] | null;
                                /** @enum {string} */
                                verdict: "better" | "same" | "worse" | "unknown";
                            } & {
                                [key: string]: unknown;
                            })[];
                        }[];
                        others: number;
                        looks: number;
                        by_luck: number;
                        chart: {
                            value: string;
                            step_seconds: number;
                            providers: {
                                [key: string]: {
                                    at: string;
                                    requests: number;
                                    p50_latency_ms: number | null;
                                    p99_latency_ms: number | null;
                                    p95_latency_ms: number | null;
                                    failure_rate: number | null;
                                    cost_per_image: number | null;
                                    regenerate_voucher_rate: number | null;
                                    accept_failure_rate?: number | null;
                                    end_failure_rate?: number | null;
                                    p95_time_to_done_ms?: number | null;
                                    cost_per_unit?: number | null;
                                }[];
                            };
                        } | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_stream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events; `snapshot` has the body of GET /api/splits/{slug} */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_journal: {
        parameters: {
            query?: {
                /** @description 1 to 500; of format=csv 1 to 10000 */
                limit?: string;
                /** @description id */
                before?: string;
                /** @description flag key; sluice.registry and sluice.access are chains of their own */
                flag?: string;
                /** @description slug of a split: its weights, its policy and its arms */
                split?: string;
                /** @description text */
                actor?: string;
                /** @description text */
                verb?: string;
                /** @description text */
                text?: string;
                /** @description instant */
                from?: string;
                /** @description instant */
                to?: string;
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As JSON, or with format=csv as text/csv */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: {
                            id: number;
                            flag_key: string;
                            seq: number;
                            at: string;
                            actor: string;
                            login: string;
                            verb: string;
                            was: string | null;
                            becomes: string | null;
                            stage_from: string | null;
                            stage_to: string | null;
                            version_from: number | null;
                            version: number;
                            reason: string | null;
                            evidence: unknown;
                            policy_version: number | null;
                            hash: string;
                        }[];
                    };
                    "text/csv": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_requests: {
        parameters: {
            query?: {
                /** @description at most so many; 50 */
                limit?: string;
                /** @description `next` of the page before */
                before?: string;
                /** @description instant */
                from?: string;
                /** @description instant */
                to?: string;
                /** @description of the first attempt */
                arm?: string;
                outcome?: "ok" | "rescued" | "failed" | "refused";
                /** @description of the first attempt's error, such as timeout */
                kind?: string;
                /** @description as callers write it */
                model?: string;
                /** @description its name */
                caller?: string;
                /** @description user_hash of the log */
                user?: string;
                /** @description the first attempt took so many milliseconds at least */
                min_ms?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the newest first */
                        requests: ({
                            /** @description null: the row names none */
                            request_id: string | null;
                            /** @description when its first attempt ended */
                            at: string;
                            /**
                             * @description rescued: the first attempt failed and another answered
                             * @enum {string}
                             */
                            outcome: "ok" | "rescued" | "failed" | "refused";
                            /** @description of the first attempt, as are latency and error */
                            arm: string | null;
                            provider: string | null;
                            latency_ms: number | null;
                            error_kind: string | null;
                            error: string | null;
                            /** @description the arm */
                            answered_by: string | null;
                            total_ms: number | null;
                            cost_usd: number | null;
                            model: string | null;
                            size: string | null;
                            caller: string | null;
                            user_hash: string | null;
                            stage: string | null;
                            pinned: boolean;
                            job: {
                                id: string;
                                state: string;
                            } | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description `before` of the page that follows */
                        next: string | null;
                        /** @description so far back was looked, where that ended the page */
                        searched_to: string | null;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_requests_request: {
        parameters: {
            query?: {
                /** @description about when it was, for an id that does not say it */
                at?: string;
            };
            header?: never;
            path: {
                slug: string;
                request: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        request_id: string;
                        /** @description when its first attempt ended */
                        at: string;
                        /**
                         * @description rescued: the first attempt failed and another answered
                         * @enum {string}
                         */
                        outcome: "ok" | "rescued" | "failed" | "refused";
                        /** @description of the first attempt, as are latency and error */
                        arm: string | null;
                        provider: string | null;
                        latency_ms: number | null;
                        error_kind: string | null;
                        error: string | null;
                        /** @description the arm */
                        answered_by: string | null;
                        total_ms: number | null;
                        cost_usd: number | null;
                        model: string | null;
                        size: string | null;
                        caller: string | null;
                        user_hash: string | null;
                        stage: string | null;
                        pinned: boolean;
                        job: {
                            id: string;
                            state: string;
                            created_at: string;
                            accepted_at: string | null;
                            started_at: string | null;
                            ended_at: string | null;
                            events: {
                                at: string;
                                type: string;
                                phase: string | null;
                                arm: string | null;
                                provider: string | null;
                                attempt: number | null;
                                latency_ms: number | null;
                                duration_ms: number | null;
                                outcome: string | null;
                                error_kind: string | null;
                                cost_usd: number | null;
                            }[];
                            /** @description once it is known; its create did not know it */
                            cost_usd: number | null;
                            cost_basis: string | null;
                        } | null;
                        /** @description the arm that was drawn */
                        assigned: string | null;
                        weights_version: number | null;
                        price_key: string | null;
                        pinned_by: string[];
                        attempts: ({
                            at: string;
                            attempt: number | null;
                            arm: string | null;
                            provider: string | null;
                            model: string | null;
                            latency_ms: number | null;
                            queued_ms: number | null;
                            error_kind: string | null;
                            error: string | null;
                            http_status: number | null;
                            refused: boolean;
                            /** @description our own doing: it counts for no provider */
                            ours: boolean;
                            outcome: string | null;
                            mapped: string[];
                            dropped: string[];
                            images: number | null;
                            cost_per_image: number | null;
                            cost_basis: string | null;
                            provider_request_id: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        end: {
                            at: string;
                            ok: boolean;
                            outcome: string | null;
                            error: string | null;
                            latency_ms: number | null;
                            images: number | null;
                        } | null;
                        vouchers: {
                            at: string;
                            reason: string | null;
                        }[];
                        images: {
                            /**
                             * @description SLUICE_EVENT_IMAGE_HOURS keeps addresses
                             * @enum {string}
                             */
                            kept: "yes" | "no" | "expired";
                            urls: string[];
                            until: string | null;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_incidents_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        split: string;
                        slug: string;
                        baseline: string;
                        /** @description the candidates that lost their share */
                        arms: string[];
                        automatic: boolean;
                        entry: {
                            id: number;
                            flag_key: string;
                            seq: number;
                            at: string;
                            actor: string;
                            login: string;
                            verb: string;
                            was: string | null;
                            becomes: string | null;
                            stage_from: string | null;
                            stage_to: string | null;
                            version_from: number | null;
                            version: number;
                            reason: string | null;
                            evidence: unknown;
                            policy_version: number | null;
                            hash: string;
                        };
                        times: {
                            breach_began_at: string | null;
                            rolled_back_at: string;
                            /** @description the last that was drawn for one of the candidates */
                            last_request_at: string | null;
                            seconds_to_rollback: number | null;
                            /** @description from the breach, or where no line decided from the rollback */
                            seconds_to_last_request: number | null;
                        };
                        charts: {
                            from: string;
                            to: string;
                        };
                        harm: {
                            counted: {
                                from: string;
                                to: string;
                            };
                            /** @description false: there were too many to read them all */
                            whole: boolean;
                            requests: number;
                            /** @description their callers got an error */
                            hurt: {
                                requests: number;
                                /** @description of those who are known */
                                users: number;
                                without_user: number;
                            };
                            /** @description another arm answered instead */
                            rescued: {
                                requests: number;
                                /** @description of those who are known */
                                users: number;
                                without_user: number;
                            };
                            slow: number | null;
                        };
                        failures: {
                            arm: string | null;
                            kind: string;
                            model: string | null;
                            requests: number;
                            rescued: number;
                            example: {
                                request_id: string;
                                at: string;
                                error: string | null;
                            } | null;
                        }[];
                        /** @description changes of the 24 hours before, the newest first */
                        before: {
                            id: number;
                            flag_key: string;
                            seq: number;
                            at: string;
                            actor: string;
                            login: string;
                            verb: string;
                            was: string | null;
                            becomes: string | null;
                            stage_from: string | null;
                            stage_to: string | null;
                            version_from: number | null;
                            version: number;
                            reason: string | null;
                            evidence: unknown;
                            policy_version: number | null;
                            hash: string;
                        }[];
                        /** @description the baseline alone */
                        recovery: {
                            before: {
                                from: string;
                                to: string;
                                requests: number;
                                failure_rate: number;
                                p95_latency_ms: number | null;
                            } | null;
                            during: {
                                from: string;
                                to: string;
                                requests: number;
                                failure_rate: number;
                                p95_latency_ms: number | null;
                            } | null;
                            after: {
                                from: string;
                                to: string;
                                requests: number;
                                failure_rate: number;
                                p95_latency_ms: number | null;
                            } | null;
                        };
                        rearmed: {
                            at: string;
                            by: string;
                            journal_id: number;
                        } | null;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_comparisons: {
        parameters: {
            query?: {
                /** @description at most so many; 20 */
                limit?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        comparisons: ({
                            id: number;
                            at: string;
                            by: string;
                            /** @description as it was asked for */
                            model: string;
                            /** @description sha256, as hex; the prompt is not kept */
                            prompt_hash: string;
                            blind: boolean;
                            /** @description which side was whose */
                            told: boolean;
                            /** @description US dollars; null: not known */
                            cost_usd: number | null;
                            sides: {
                                /** @description of a blind one nothing that tells whose it is, before a vote */
                                left: {
                                    ok: boolean;
                                    arm: string | null;
                                    provider: string | null;
                                    model: string | null;
                                    request_id: string | null;
                                    latency_ms: number | null;
                                    /** @description US dollars; null: not known */
                                    cost_usd: number | null;
                                    error_kind: string | null;
                                    error: string | null;
                                } & {
                                    [key: string]: unknown;
                                };
                                /** @description of a blind one nothing that tells whose it is, before a vote */
                                right: {
                                    ok: boolean;
                                    arm: string | null;
                                    provider: string | null;
                                    model: string | null;
                                    request_id: string | null;
                                    latency_ms: number | null;
                                    /** @description US dollars; null: not known */
                                    cost_usd: number | null;
                                    error_kind: string | null;
                                    error: string | null;
                                } & {
                                    [key: string]: unknown;
                                };
                            } & {
                                [key: string]: unknown;
                            };
                            votes: ({
                                by: string;
                                at: string;
                                /** @enum {string} */
                                choice: "left" | "right" | "neither";
                                reason: string | null;
                                /** @description whom it was for; null: neither */
                                arm: string | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                        } & {
                            [key: string]: unknown;
                        })[];
                        votes: {
                            arms: {
                                [key: string]: number;
                            };
                            neither: number;
                        } & {
                            [key: string]: unknown;
                        };
                        /**
                         * @description of the split: only images can be compared
                         * @enum {string}
                         */
                        kind: "image" | "job" | "relay" | "assign";
                        baseline: string | null;
                        candidates: string[];
                        /** @description what both sides can make of a prompt alone */
                        models: string[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_comparisons: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    prompt?: string;
                    model?: string;
                    width?: number;
                    height?: number;
                    aspect_ratio?: string;
                    negative_prompt?: string;
                    seed?: number;
                    steps?: number;
                    guidance?: number;
                    /** @enum {string} */
                    output_format?: "png" | "jpeg" | "webp";
                    image?: string | string[];
                    /** @description an https URL, or data:image/png;base64,… */
                    mask?: string;
                    strength?: number;
                    loras?: {
                        /** @description an https URL, or the provider's own id */
                        model: string;
                        scale?: number;
                    }[];
                    safety?: boolean;
                    provider_options?: {
                        [key: string]: Record<string, never>;
                    };
                    candidate?: string;
                    /** @description which side is whose is told after a vote */
                    blind?: boolean | null;
                    /** @description only says what it would cost; nobody is called */
                    dry_run?: boolean | null;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description dry_run: what it would cost */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description US dollars; null: not known */
                        cost_usd: number | null;
                        arms: ({
                            arm: string;
                            provider: string;
                            /** @description US dollars; null: not known */
                            cost_usd: number | null;
                            /**
                             * @description lately: what the arm asked when no list says it
                             * @enum {string}
                             */
                            basis: "price_list" | "lately" | "unknown";
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description What both made; the images are in this answer alone */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        at: string;
                        by: string;
                        /** @description as it was asked for */
                        model: string;
                        /** @description sha256, as hex; the prompt is not kept */
                        prompt_hash: string;
                        blind: boolean;
                        /** @description which side was whose */
                        told: boolean;
                        /** @description US dollars; null: not known */
                        cost_usd: number | null;
                        sides: {
                            /** @description of a blind one nothing that tells whose it is, before a vote */
                            left: {
                                ok: boolean;
                                arm: string | null;
                                provider: string | null;
                                model: string | null;
                                request_id: string | null;
                                latency_ms: number | null;
                                /** @description US dollars; null: not known */
                                cost_usd: number | null;
                                error_kind: string | null;
                                error: string | null;
                            } & {
                                [key: string]: unknown;
                            };
                            /** @description of a blind one nothing that tells whose it is, before a vote */
                            right: {
                                ok: boolean;
                                arm: string | null;
                                provider: string | null;
                                model: string | null;
                                request_id: string | null;
                                latency_ms: number | null;
                                /** @description US dollars; null: not known */
                                cost_usd: number | null;
                                error_kind: string | null;
                                error: string | null;
                            } & {
                                [key: string]: unknown;
                            };
                        } & {
                            [key: string]: unknown;
                        };
                        votes: ({
                            by: string;
                            at: string;
                            /** @enum {string} */
                            choice: "left" | "right" | "neither";
                            reason: string | null;
                            /** @description whom it was for; null: neither */
                            arm: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description here and nowhere else: they are not kept */
                        images: {
                            left: ({
                                url: string;
                                width: number | null;
                                height: number | null;
                                content_type: string | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                            right: ({
                                url: string;
                                width: number | null;
                                height: number | null;
                                content_type: string | null;
                            } & {
                                [key: string]: unknown;
                            })[];
                        } & {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_comparisons_id_vote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    choice: "left" | "right" | "neither";
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description As it is now, and which side was whose */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        at: string;
                        by: string;
                        /** @description as it was asked for */
                        model: string;
                        /** @description sha256, as hex; the prompt is not kept */
                        prompt_hash: string;
                        blind: boolean;
                        /** @description which side was whose */
                        told: boolean;
                        /** @description US dollars; null: not known */
                        cost_usd: number | null;
                        sides: {
                            /** @description of a blind one nothing that tells whose it is, before a vote */
                            left: {
                                ok: boolean;
                                arm: string | null;
                                provider: string | null;
                                model: string | null;
                                request_id: string | null;
                                latency_ms: number | null;
                                /** @description US dollars; null: not known */
                                cost_usd: number | null;
                                error_kind: string | null;
                                error: string | null;
                            } & {
                                [key: string]: unknown;
                            };
                            /** @description of a blind one nothing that tells whose it is, before a vote */
                            right: {
                                ok: boolean;
                                arm: string | null;
                                provider: string | null;
                                model: string | null;
                                request_id: string | null;
                                latency_ms: number | null;
                                /** @description US dollars; null: not known */
                                cost_usd: number | null;
                                error_kind: string | null;
                                error: string | null;
                            } & {
                                [key: string]: unknown;
                            };
                        } & {
                            [key: string]: unknown;
                        };
                        votes: ({
                            by: string;
                            at: string;
                            /** @enum {string} */
                            choice: "left" | "right" | "neither";
                            reason: string | null;
                            /** @description whom it was for; null: neither */
                            arm: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_card_links: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description for how long it opens; left out, 7 */
                    days?: number;
                };
            };
        };
        responses: {
            /** @description The path of the picture, for whoever has it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description below the address of this installation */
                        path: string;
                        ends_at: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_s_slug_card_png: {
        parameters: {
            query?: {
                /** @description of the link */
                token?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 1200 × 630 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_jobs: {
        parameters: {
            query?: {
                /** @description at most so many; 50 */
                limit?: string;
                /** @description `next` of the page before */
                before?: string;
                /** @description open: not ended; blocked: cannot be looked at */
                state?: "open" | "blocked" | "attempting" | "accepted" | "running" | "unknown" | "completed" | "failed" | "cancelled" | "expired" | "refused" | "unknown_final";
                /** @description its name */
                arm?: string;
                /** @description its name */
                caller?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the newest first */
                        jobs: ({
                            id: string;
                            state: string;
                            arm: string;
                            provider: string;
                            upstream_id: string | null;
                            /** @description null: it was passed on, and its create named none */
                            model: string | null;
                            caller: string;
                            door: string;
                            created_at: string;
                            age_seconds: number;
                            progress: number | null;
                            tries: number;
                            polls: number;
                            misses: number;
                            /** @description until the next look; below 0 it is late */
                            due_in_seconds: number | null;
                            /** @description why it cannot be looked at; it waits */
                            blocked: string | null;
                            cost_usd: number | null;
                            cost_basis: string | null;
                            charged: string;
                            error_kind: string | null;
                            error: string | null;
                            cancel_asked: boolean;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description `before` of the page that follows */
                        next: string | null;
                        /** @description so far back was looked, where that ended the page */
                        searched_to: string | null;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_jobs_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        state: string;
                        arm: string;
                        provider: string;
                        upstream_id: string | null;
                        /** @description null: it was passed on, and its create named none */
                        model: string | null;
                        caller: string;
                        door: string;
                        created_at: string;
                        age_seconds: number;
                        progress: number | null;
                        tries: number;
                        polls: number;
                        misses: number;
                        /** @description until the next look; below 0 it is late */
                        due_in_seconds: number | null;
                        /** @description why it cannot be looked at; it waits */
                        blocked: string | null;
                        cost_usd: number | null;
                        cost_basis: string | null;
                        charged: string;
                        error_kind: string | null;
                        error: string | null;
                        cancel_asked: boolean;
                        assigned: string;
                        pinned: boolean;
                        stage: string | null;
                        weights_version: number | null;
                        adapter: string;
                        /** @description 0: of the environment */
                        key_version: number;
                        base_url: string;
                        provider_model: string;
                        request_id: string;
                        /** @description without what callers wrote and where their files lie */
                        request: {
                            name: string;
                            value: string | number | boolean | null;
                            characters?: number;
                            host?: string;
                        }[];
                        attempts: ({
                            attempt: number;
                            provider: string;
                            latency_ms: number | null;
                            error_kind: string | null;
                            error: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                        outputs: {
                            kind: string;
                            content_type: string | null;
                            /** @description not the whole address, with which everybody could fetch it */
                            host: string | null;
                            width: number | null;
                            height: number | null;
                            seconds: number | null;
                            bytes: number | null;
                        }[];
                        queue_position: number | null;
                        http_status: number | null;
                        units: number | null;
                        cancel_said: string | null;
                        accepted_at: string | null;
                        started_at: string | null;
                        cancel_asked_at: string | null;
                        ended_at: string | null;
                        expires_at: string | null;
                        events: {
                            at: string;
                            type: string;
                            phase: string | null;
                            arm: string | null;
                            provider: string | null;
                            attempt: number | null;
                            latency_ms: number | null;
                            duration_ms: number | null;
                            outcome: string | null;
                            error_kind: string | null;
                            cost_usd: number | null;
                        }[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_jobs_job_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked; the job says what came of it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @constant */
                        cancel_asked: true;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_jobs_job_poll: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description So many are due now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        due: number;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_in_flight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        in_flight: {
                            arm: string;
                            provider: string;
                            jobs: number;
                            attempting: number;
                            accepted: number;
                            running: number;
                            unknown: number;
                            blocked: number;
                            why: string | null;
                            oldest_seconds: number;
                            /** @description at the latest, of those that are not blocked: by the age limit of the provider */
                            ends_by: string | null;
                            late_seconds: number | null;
                        }[];
                        window_seconds: number;
                        lately: {
                            arm: string;
                            sent: number;
                            not_accepted: number;
                            accepted: number;
                            done: number;
                            failed: number;
                            cancelled: number;
                        }[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_job_outlook: {
        parameters: {
            query?: {
                /** @description over all arms; what it was lately */
                orders_per_minute?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        habits: {
                            /**
                             * @description assumed: of the baseline no job is old enough
                             * @enum {string}
                             */
                            basis: "history" | "assumed";
                            /** @description of the baseline, as old as the line allows */
                            jobs: number;
                            /** @description over which they were ordered */
                            hours: number;
                            /** @description over all arms */
                            orders_per_minute: number;
                            /** @description until they were done; null: that many have not ended */
                            p50_ms: number | null;
                            p95_ms: number | null;
                            /** @description of a job */
                            cost_usd: number | null;
                        };
                        outlooks: {
                            stage: string;
                            arm: string;
                            orders_per_minute: number;
                            share: number;
                            jobs_per_minute: number;
                            /** @description for a line to be ok, and for 30 % of them to be no bad luck */
                            needed_jobs: number;
                            /** @description a candidate of which 30 % fail is taken back; null: not surely, or its line only signals */
                            failing_after_minutes: number | null;
                            /** @description the same of one of which 30 % take too long or never end */
                            slow_after_minutes: number | null;
                            /** @description both, and a good one is called ok */
                            known_after_minutes: number | null;
                            /** @description null: it has no end */
                            stage_minutes: number | null;
                            /** @description sent to a bad candidate until then, else (or where a line only signals) until the stage ends */
                            lost_jobs: number | null;
                            lost_usd: number | null;
                            /** @description too few jobs in a window, or the stage ends too soon: the share or the minutes that would be enough */
                            shortage: {
                                /** @enum {string} */
                                of: "window" | "stage";
                                share: number | null;
                                minutes: number | null;
                            } | null;
                            /** @description the jobs take as long already as the line of the time to done allows */
                            limit_is_usual: boolean;
                        }[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_in_flight_poll: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description its name */
                    provider: string;
                };
            };
        };
        responses: {
            /** @description So many are due now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        due: number;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_arms: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        split: string;
                        arms: ({
                            name: string;
                            provider: string;
                            model: string | null;
                            params: {
                                [key: string]: unknown;
                            };
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_splits_slug_arms_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        provider: string;
                        model: string | null;
                        params: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_splits_slug_arms_name: {
        parameters: {
            query?: never;
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description whom it sends to */
                    provider: string;
                    /** @description pinned: what a request says of it does not count; null: as the request says */
                    model?: string | null;
                    /** @description pinned beside the model */
                    params?: {
                        [key: string]: unknown;
                    };
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description As it is now; ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        provider: string;
                        model: string | null;
                        params: {
                            [key: string]: unknown;
                        };
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_splits_slug_arms_name: {
        parameters: {
            query?: {
                /** @description why; the journal keeps it */
                reason?: string | null;
            };
            header: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match": string;
            };
            path: {
                slug: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: string;
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            428: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_providers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        providers: ({
                            name: string;
                            adapter: string | null;
                            label: string;
                            base_url: string | null;
                            options: {
                                [key: string]: unknown;
                            };
                            /** @enum {string} */
                            state: "active" | "draining" | "off";
                            deprecated: boolean;
                            arms: {
                                split: string;
                                name: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_providers_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        adapter: string | null;
                        label: string;
                        base_url: string | null;
                        options: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        state: "active" | "draining" | "off";
                        deprecated: boolean;
                        arms: {
                            split: string;
                            name: string;
                        }[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_providers_name: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description fal, runware, openai, kling, aimlapi or relay; null: nothing is sent there */
                    adapter?: string | null;
                    /** @description what people read */
                    label?: string;
                    /** @description an origin such as https://api.example.com; null: the usual one of its adapter */
                    base_url?: string | null;
                    /** @description of its adapter */
                    options?: {
                        [key: string]: unknown;
                    };
                    /** @description active, draining or off */
                    state?: string;
                    /** @description people are told to leave it */
                    deprecated?: boolean;
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description As it is now; ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        adapter: string | null;
                        label: string;
                        base_url: string | null;
                        options: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        state: "active" | "draining" | "off";
                        deprecated: boolean;
                        arms: {
                            split: string;
                            name: string;
                        }[];
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_providers_name: {
        parameters: {
            query?: {
                /** @description why; the journal keeps it */
                reason?: string | null;
            };
            header?: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: string;
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_providers_name_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description only says what would be sent and what it costs; nobody is called */
                    dry_run?: boolean | null;
                };
            };
        };
        responses: {
            /** @description What came of it, good or bad */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        provider: string;
                        asked: {
                            /** @constant */
                            kind: "image";
                            model: string;
                            size: string;
                        } | {
                            /** @constant */
                            kind: "question";
                        };
                        ok: boolean;
                        latency_ms: number;
                        cost_usd: number | null;
                        error_kind: string | null;
                        /** @description in the provider's words */
                        error: string | null;
                        /** @description false: the store went away meanwhile; the log of the process has it */
                        journaled: boolean;
                    };
                };
            };
            /** @description dry_run: what would be sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        provider: string;
                        asked: {
                            /** @constant */
                            kind: "image";
                            model: string;
                            size: string;
                        } | {
                            /** @constant */
                            kind: "question";
                        };
                        cost_usd: number | null;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        models: ({
                            alias: string;
                            provider: string;
                            provider_model: string;
                            price: {
                                [key: string]: unknown;
                            } | null;
                            params: {
                                [key: string]: unknown;
                            };
                            fixed: {
                                [key: string]: unknown;
                            };
                            /** @enum {string} */
                            lossy: "pin" | "refuse" | "drop";
                            enabled: boolean;
                            source: string | null;
                            shipped: boolean;
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_models_provider_alias: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
                alias: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        alias: string;
                        provider: string;
                        provider_model: string;
                        price: {
                            [key: string]: unknown;
                        } | null;
                        params: {
                            [key: string]: unknown;
                        };
                        fixed: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        lossy: "pin" | "refuse" | "drop";
                        enabled: boolean;
                        source: string | null;
                        shipped: boolean;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_models_provider_alias: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match"?: string;
            };
            path: {
                provider: string;
                alias: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description its name at the provider */
                    provider_model: string;
                    /** @description what it costs there; left out, it is not known */
                    price?: {
                        [key: string]: unknown;
                    };
                    /** @description our parameters to what each is called there; left out, the usual ones */
                    params?: {
                        [key: string]: unknown;
                    };
                    /** @description sent with every request, in the provider's own words */
                    fixed?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description what becomes of a request that another arm can be told and this one cannot
                     * @default pin
                     * @enum {string}
                     */
                    lossy?: "pin" | "refuse" | "drop";
                    /** @description false: as if it were not there */
                    enabled?: boolean;
                    /** @description where id and parameters were read, and when */
                    source?: string | null;
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description As it is now; ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        alias: string;
                        provider: string;
                        provider_model: string;
                        price: {
                            [key: string]: unknown;
                        } | null;
                        params: {
                            [key: string]: unknown;
                        };
                        fixed: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        lossy: "pin" | "refuse" | "drop";
                        enabled: boolean;
                        source: string | null;
                        shipped: boolean;
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_models_provider_alias: {
        parameters: {
            query?: {
                /** @description why; the journal keeps it */
                reason?: string | null;
            };
            header?: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match"?: string;
            };
            path: {
                provider: string;
                alias: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: string;
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_dialects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        dialects: ({
                            name: string;
                            /** @description it came with Sluice, and stays as it is */
                            shipped: boolean;
                            rules: {
                                [key: string]: unknown;
                            };
                            /** @description who speaks it */
                            providers: string[];
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_dialects_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @description it came with Sluice, and stays as it is */
                        shipped: boolean;
                        rules: {
                            [key: string]: unknown;
                        };
                        /** @description who speaks it */
                        providers: string[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_dialects_name: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description as GET answers those that ship */
                    rules: {
                        [key: string]: unknown;
                    };
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description As it is now; ETag = the version of the registry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @description it came with Sluice, and stays as it is */
                        shipped: boolean;
                        rules: {
                            [key: string]: unknown;
                        };
                        /** @description who speaks it */
                        providers: string[];
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_dialects_name: {
        parameters: {
            query?: {
                /** @description why; the journal keeps it */
                reason?: string | null;
            };
            header?: {
                /** @description The version this is based on, quoted: "41" */
                "If-Match"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: string;
                        registry_version: number;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_splits_slug_shape: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        split: string;
                        dialect: string;
                        baseline: string;
                        /** @description what was put to each arm; empty: the dialect has no question that costs nothing */
                        asked: string[];
                        /** @description what callers would see change, in sentences */
                        differences: string[];
                        /** @description what kept an arm from being compared */
                        troubles: string[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_alerts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        alerts: {
                            id: number;
                            kind: string;
                            at: string;
                            detail: string;
                            params: {
                                [key: string]: unknown;
                            };
                            journal_id: number | null;
                            blocks_advance: boolean;
                            acknowledged: {
                                at: string;
                                by: string;
                                reason: string | null;
                            } | null;
                            resolved_at: string | null;
                        }[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_alerts_id_acknowledge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why; the journal keeps it */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_journal: {
        parameters: {
            query?: {
                /** @description 1 to 500; of format=csv 1 to 10000 */
                limit?: string;
                /** @description id */
                before?: string;
                /** @description flag key; sluice.registry and sluice.access are chains of their own */
                flag?: string;
                /** @description slug of a split: its weights, its policy and its arms */
                split?: string;
                /** @description text */
                actor?: string;
                /** @description text */
                verb?: string;
                /** @description text */
                text?: string;
                /** @description instant */
                from?: string;
                /** @description instant */
                to?: string;
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As JSON, or with format=csv as text/csv */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: {
                            id: number;
                            flag_key: string;
                            seq: number;
                            at: string;
                            actor: string;
                            login: string;
                            verb: string;
                            was: string | null;
                            becomes: string | null;
                            stage_from: string | null;
                            stage_to: string | null;
                            version_from: number | null;
                            version: number;
                            reason: string | null;
                            evidence: unknown;
                            policy_version: number | null;
                            hash: string;
                        }[];
                    };
                    "text/csv": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_journal_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        flag_key: string;
                        seq: number;
                        at: string;
                        actor: string;
                        login: string;
                        verb: string;
                        was: string | null;
                        becomes: string | null;
                        stage_from: string | null;
                        stage_to: string | null;
                        version_from: number | null;
                        version: number;
                        reason: string | null;
                        evidence: unknown;
                        policy_version: number | null;
                        hash: string;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description of the second factor, beside password or code */
                    mfa_code?: string;
                    /** @description SLUICE_ADMIN_TOKEN or an operator token */
                    token?: string;
                    /** @description of a one-time sign-in link */
                    link?: string;
                    /** @description of a mailed link */
                    token_hash?: string;
                    /** @description of an operator of ours, with password */
                    name?: string;
                    /** @description with name or email */
                    password?: string;
                    /** @description from the mail; with email */
                    code?: string;
                    /** @description with password, code or send_code (Supabase) */
                    email?: string;
                    /** @description mail me a link and a code */
                    send_code?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Signed in, by a cookie */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Mailed */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        sent: true;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        signed_out: true;
                    };
                };
            };
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_session_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description passwords of ours let anybody in */
                        allowed: boolean;
                        /** @description you have one */
                        yours: boolean;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_session_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the one you have */
                    password: string;
                    /** @description the one you want: at least 12 characters */
                    new_password: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description of yours, elsewhere */
                        sessions_ended: number;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_operators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        operators: ({
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                            created_at: string | null;
                            created_by: string;
                            expires_at: string | null;
                            last_used_at: string | null;
                            revoked_at: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_operators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    valid_days?: number | null;
                    /** @description what the journal calls them */
                    name: string;
                    /** @description viewer, operator or admin */
                    role: string;
                };
            };
        };
        responses: {
            /** @description Added; the token is answered this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                        token: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_operators_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        revoked: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sessions: ({
                            id: number;
                            operator: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                            way: string;
                            opened_at: string;
                            last_seen_at: string;
                            expires_at: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_sessions_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ended: number;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_invites: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        invites: {
                            id: number;
                            name: string;
                            role: string;
                            created_at: string;
                            created_by: string;
                            expires_at: string;
                        }[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_invites: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what the journal will call them */
                    name: string;
                    /** @description viewer, operator or admin */
                    role: string;
                    hours?: number | null;
                };
            };
        };
        responses: {
            /** @description Made; the link is answered this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        role: string;
                        created_at: string;
                        created_by: string;
                        expires_at: string;
                        path: string;
                        /** @description where SLUICE_PUBLIC_URL is known */
                        url: string | null;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_invites_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        revoked: number;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_invites_accept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the key of the link */
                    invite: string;
                    /** @description the one this person chose; left out, it is only told whom the link is for */
                    password?: string;
                };
            };
        };
        responses: {
            /** @description Whom it is for, or who is signed in now, by a cookie */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        role: string;
                        expires_at: string;
                    } | ({
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                    } & {
                        [key: string]: unknown;
                    });
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_alert_channels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        channels: ({
                            id: number;
                            name: string | null;
                            /** @description what is told there; null: all */
                            alerts: string[] | null;
                            kind: string;
                            host: string;
                            signed: boolean;
                            enabled: boolean;
                            created_at: string;
                            created_by: string;
                            delivered_at: string | null;
                            waiting: number;
                            last_error: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_alert_channels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what people call it */
                    name?: string | null;
                    /** @description what is told there; left out or null: all */
                    alerts?: string[] | null;
                    url: string;
                    secret?: string | null;
                    /** @description webhook, slack, feishu, dingtalk or wecom */
                    kind: string;
                };
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_alert_deliveries: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deliveries: ({
                            id: number;
                            channel: number;
                            kind: string;
                            detail: string;
                            alert_id: number | null;
                            at: string;
                            attempts: number;
                            delivered_at: string | null;
                            /** @description it will not be tried again */
                            given_up_at: string | null;
                            /** @description of its last try */
                            error: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_alert_channels_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what people call it */
                    name?: string | null;
                    /** @description what is told there; left out or null: all */
                    alerts?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changed: number;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_alert_channels_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        removed: number;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_alert_channels_id_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        delivered: boolean;
                        error: string | null;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_providers_name_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        provider: string;
                        source: {
                            /** @constant */
                            kind: "stored";
                            version: number;
                        } | {
                            /** @constant */
                            kind: "environment";
                            variable: string;
                        } | {
                            /** @constant */
                            kind: "none";
                            variable: string;
                        };
                        keys: {
                            version: number;
                            /** @description its last four characters; empty where it is short */
                            hint: string;
                            /** @description names the SLUICE_SECRET_KEY that sealed it */
                            sealed_with: string;
                            created_at: string;
                            created_by: string | null;
                            retired_at: string | null;
                        }[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_providers_name_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    key: string;
                };
            };
        };
        responses: {
            /** @description Stored, sealed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        provider: string;
                        version: number;
                        hint: string;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_callers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        callers: {
                            name: string;
                            scopes: string[];
                            prefixes: string[];
                            models: string[];
                            rate_per_minute: number | null;
                            quota: {
                                jobs?: {
                                    spend_per_day_usd?: number;
                                    creates_per_day?: number;
                                    in_flight?: number;
                                } & {
                                    [key: string]: unknown;
                                };
                            } & {
                                [key: string]: unknown;
                            };
                            today: {
                                /** @description jobs begun today, by UTC */
                                begun: number;
                                spent_usd: number;
                                /** @description may have been charged */
                                unknown_usd: number;
                                /** @description by jobs of today that run still */
                                held_usd: number;
                                /** @description jobs that have not ended, whenever begun */
                                in_flight: number;
                            };
                            created_at: string;
                            created_by: string | null;
                            keys: {
                                id: number;
                                hint: string | null;
                                created_at: string;
                                created_by: string | null;
                                expires_at: string | null;
                                revoked_at: string | null;
                            }[];
                        }[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_callers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    valid_days?: number | null;
                    /** @description what events, logs and the journal call it */
                    name: string;
                    /**
                     * @default [
                     *       "generate"
                     *     ]
                     */
                    scopes?: ("generate" | "relay" | "assign" | "events" | "metrics" | "events:foreign" | "events:backfill")[];
                    /**
                     * @description what it may relay; empty: every relay
                     * @default []
                     */
                    prefixes?: string[];
                    /**
                     * @description what it may ask for, by our alias or by the name that a vendor has for it; empty: every model
                     * @default []
                     */
                    models?: string[];
                    rate_per_minute?: number | null;
                    /** @description of jobs; what is left out is not limited */
                    quota?: {
                        jobs?: {
                            spend_per_day_usd?: number;
                            creates_per_day?: number;
                            in_flight?: number;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Issued; the key is answered this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @description of the key */
                        id: number;
                        /** @description answered this once */
                        key: string;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_callers_name_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    valid_days?: number | null;
                };
            };
        };
        responses: {
            /** @description Issued; the key is answered this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @description of the key */
                        id: number;
                        /** @description answered this once */
                        key: string;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_callers_name_quota: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what is left out is not limited */
                    quota: {
                        jobs?: {
                            spend_per_day_usd?: number;
                            creates_per_day?: number;
                            in_flight?: number;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        quota: {
                            jobs?: {
                                spend_per_day_usd?: number;
                                creates_per_day?: number;
                                in_flight?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_callers_name_models: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what it may ask for, by our alias or by the name that a vendor has for it; empty: every model */
                    models: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        models: string[];
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_callers_name_prefixes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what it may relay; empty: every relay */
                    prefixes: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        prefixes: string[];
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    put_api_callers_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what it may do; left out: it stays */
                    scopes?: ("generate" | "relay" | "assign" | "events" | "metrics" | "events:foreign" | "events:backfill")[];
                    /** @description what it may relay; empty: every relay; left out: it stays */
                    prefixes?: string[];
                    /** @description what it may ask for; empty: every model; left out: it stays */
                    models?: string[];
                    /** @description how often, in each process; null: no limit of its own; left out: it stays */
                    rate_per_minute?: number | null;
                    /** @description of jobs; empty: not limited; left out: it stays */
                    quota?: {
                        jobs?: {
                            spend_per_day_usd?: number;
                            creates_per_day?: number;
                            in_flight?: number;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        scopes?: string[];
                        prefixes?: string[];
                        models?: string[];
                        rate_per_minute?: number | null;
                        quota?: {
                            jobs?: {
                                spend_per_day_usd?: number;
                                creates_per_day?: number;
                                in_flight?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_callers_name: {
        parameters: {
            query?: {
                /** @description the id of one key */
                key?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @description ids of keys */
                        revoked: number[];
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_cron_watchdog: {
        parameters: {
            query?: {
                /** @description seconds between two calls, 10 to 3600; 60 if left out */
                interval?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Decided, or skipped: this slot has had its tick */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        result: "decided";
                        /** @enum {string} */
                        action: "none" | "rollback" | "alert" | "advance";
                        tick: {
                            atMs: number;
                            slotMs: number;
                            by: string;
                            intervalSeconds: number;
                            durationMs: number;
                            decision: ({
                                action: {
                                    /** @enum {string} */
                                    kind: "none" | "rollback" | "alert" | "advance";
                                } & {
                                    [key: string]: unknown;
                                };
                                lines: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    /** @enum {string} */
                                    verdict: "ok" | "breach" | "held" | "shared_cause" | "insufficient" | "no_traffic" | "blind";
                                    value: number | null;
                                    limit: number | null;
                                    /** @enum {string} */
                                    comparison: ">=" | ">";
                                    n: number;
                                    windowSeconds: number;
                                    holdSeconds: number;
                                    breachedForSeconds: number;
                                    evidence: {
                                        chance: number;
                                        threshold: number;
                                        atLine: number;
                                        lineThreshold: number;
                                        dispersion: number;
                                        /** @enum {string} */
                                        pattern: "steady" | "comes_and_goes";
                                        horizonSeconds: number;
                                        n: number;
                                        hits: number;
                                        stillSo: boolean;
                                    } | null;
                                    baselineValue: number | null;
                                    baselineN: number;
                                    acts: boolean;
                                    hindrance: string | null;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                warnings: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    sinceMs: number;
                                    odds: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                missed: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    fromMs: number;
                                    toMs: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                baselineCost: ({
                                    usd: number;
                                    source: string;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                                policyVersion: number;
                                atMs: number;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                            error: string | null;
                            policyVersion: number | null;
                            weightsVersion: number | null;
                        } & {
                            [key: string]: unknown;
                        };
                    } | {
                        /** @constant */
                        result: "skipped";
                    } | {
                        /** @constant */
                        result: "failed";
                        error: string;
                    };
                };
            };
            401: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            /** @description Failed; the answer says why */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        result: "decided";
                        /** @enum {string} */
                        action: "none" | "rollback" | "alert" | "advance";
                        tick: {
                            atMs: number;
                            slotMs: number;
                            by: string;
                            intervalSeconds: number;
                            durationMs: number;
                            decision: ({
                                action: {
                                    /** @enum {string} */
                                    kind: "none" | "rollback" | "alert" | "advance";
                                } & {
                                    [key: string]: unknown;
                                };
                                lines: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    /** @enum {string} */
                                    verdict: "ok" | "breach" | "held" | "shared_cause" | "insufficient" | "no_traffic" | "blind";
                                    value: number | null;
                                    limit: number | null;
                                    /** @enum {string} */
                                    comparison: ">=" | ">";
                                    n: number;
                                    windowSeconds: number;
                                    holdSeconds: number;
                                    breachedForSeconds: number;
                                    evidence: {
                                        chance: number;
                                        threshold: number;
                                        atLine: number;
                                        lineThreshold: number;
                                        dispersion: number;
                                        /** @enum {string} */
                                        pattern: "steady" | "comes_and_goes";
                                        horizonSeconds: number;
                                        n: number;
                                        hits: number;
                                        stillSo: boolean;
                                    } | null;
                                    baselineValue: number | null;
                                    baselineN: number;
                                    acts: boolean;
                                    hindrance: string | null;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                warnings: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    sinceMs: number;
                                    odds: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                missed: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    fromMs: number;
                                    toMs: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                baselineCost: ({
                                    usd: number;
                                    source: string;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                                policyVersion: number;
                                atMs: number;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                            error: string | null;
                            policyVersion: number | null;
                            weightsVersion: number | null;
                        } & {
                            [key: string]: unknown;
                        };
                    } | {
                        /** @constant */
                        result: "skipped";
                    } | {
                        /** @constant */
                        result: "failed";
                        error: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_api_cron_watchdog: {
        parameters: {
            query?: {
                /** @description seconds between two calls, 10 to 3600; 60 if left out */
                interval?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Decided, or skipped: this slot has had its tick */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        result: "decided";
                        /** @enum {string} */
                        action: "none" | "rollback" | "alert" | "advance";
                        tick: {
                            atMs: number;
                            slotMs: number;
                            by: string;
                            intervalSeconds: number;
                            durationMs: number;
                            decision: ({
                                action: {
                                    /** @enum {string} */
                                    kind: "none" | "rollback" | "alert" | "advance";
                                } & {
                                    [key: string]: unknown;
                                };
                                lines: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    /** @enum {string} */
                                    verdict: "ok" | "breach" | "held" | "shared_cause" | "insufficient" | "no_traffic" | "blind";
                                    value: number | null;
                                    limit: number | null;
                                    /** @enum {string} */
                                    comparison: ">=" | ">";
                                    n: number;
                                    windowSeconds: number;
                                    holdSeconds: number;
                                    breachedForSeconds: number;
                                    evidence: {
                                        chance: number;
                                        threshold: number;
                                        atLine: number;
                                        lineThreshold: number;
                                        dispersion: number;
                                        /** @enum {string} */
                                        pattern: "steady" | "comes_and_goes";
                                        horizonSeconds: number;
                                        n: number;
                                        hits: number;
                                        stillSo: boolean;
                                    } | null;
                                    baselineValue: number | null;
                                    baselineN: number;
                                    acts: boolean;
                                    hindrance: string | null;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                warnings: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    sinceMs: number;
                                    odds: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                missed: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    fromMs: number;
                                    toMs: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                baselineCost: ({
                                    usd: number;
                                    source: string;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                                policyVersion: number;
                                atMs: number;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                            error: string | null;
                            policyVersion: number | null;
                            weightsVersion: number | null;
                        } & {
                            [key: string]: unknown;
                        };
                    } | {
                        /** @constant */
                        result: "skipped";
                    } | {
                        /** @constant */
                        result: "failed";
                        error: string;
                    };
                };
            };
            401: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            /** @description Failed; the answer says why */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        result: "decided";
                        /** @enum {string} */
                        action: "none" | "rollback" | "alert" | "advance";
                        tick: {
                            atMs: number;
                            slotMs: number;
                            by: string;
                            intervalSeconds: number;
                            durationMs: number;
                            decision: ({
                                action: {
                                    /** @enum {string} */
                                    kind: "none" | "rollback" | "alert" | "advance";
                                } & {
                                    [key: string]: unknown;
                                };
                                lines: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    /** @enum {string} */
                                    verdict: "ok" | "breach" | "held" | "shared_cause" | "insufficient" | "no_traffic" | "blind";
                                    value: number | null;
                                    limit: number | null;
                                    /** @enum {string} */
                                    comparison: ">=" | ">";
                                    n: number;
                                    windowSeconds: number;
                                    holdSeconds: number;
                                    breachedForSeconds: number;
                                    evidence: {
                                        chance: number;
                                        threshold: number;
                                        atLine: number;
                                        lineThreshold: number;
                                        dispersion: number;
                                        /** @enum {string} */
                                        pattern: "steady" | "comes_and_goes";
                                        horizonSeconds: number;
                                        n: number;
                                        hits: number;
                                        stillSo: boolean;
                                    } | null;
                                    baselineValue: number | null;
                                    baselineN: number;
                                    acts: boolean;
                                    hindrance: string | null;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                warnings: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    sinceMs: number;
                                    odds: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                missed: ({
                                    arm: string;
                                    /** @enum {string} */
                                    metric: "p95_latency_ms" | "failure_rate" | "cost_per_image" | "regenerate_voucher_rate" | "accept_failure_rate" | "end_failure_rate" | "p95_time_to_done_ms" | "cost_per_unit";
                                    fromMs: number;
                                    toMs: number;
                                } & {
                                    [key: string]: unknown;
                                })[];
                                baselineCost: ({
                                    usd: number;
                                    source: string;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                                policyVersion: number;
                                atMs: number;
                            } & {
                                [key: string]: unknown;
                            }) | null;
                            error: string | null;
                            policyVersion: number | null;
                            weightsVersion: number | null;
                        } & {
                            [key: string]: unknown;
                        };
                    } | {
                        /** @constant */
                        result: "skipped";
                    } | {
                        /** @constant */
                        result: "failed";
                        error: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text format of Prometheus */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_images_picture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                picture: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            421: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_sluice_schema_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schema */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        $schema: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            421: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_generate: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key and body: the same answer, made once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    prompt?: string;
                    model?: string;
                    width?: number;
                    height?: number;
                    aspect_ratio?: string;
                    /** @default 1 */
                    n?: number;
                    negative_prompt?: string;
                    seed?: number;
                    steps?: number;
                    guidance?: number;
                    /** @enum {string} */
                    output_format?: "png" | "jpeg" | "webp";
                    image?: string | string[];
                    /** @description an https URL, or data:image/png;base64,… */
                    mask?: string;
                    strength?: number;
                    loras?: {
                        /** @description an https URL, or the provider's own id */
                        model: string;
                        scale?: number;
                    }[];
                    safety?: boolean;
                    provider_options?: {
                        [key: string]: Record<string, never>;
                    };
                    user?: string;
                    split?: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Made; the header Server-Timing says who took how long */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        request_id: string;
                        provider: string;
                        images: {
                            url: string;
                            width: number | null;
                            height: number | null;
                            content_type: string | null;
                        }[];
                        cost_usd: number | null;
                        latency_ms: number;
                        attempts: {
                            attempt: number;
                            provider: string;
                            latency_ms: number | null;
                            error_kind: string | null;
                            error: string | null;
                            queued_ms?: number;
                        }[];
                        weights_version: number | null;
                        model: string;
                        /** @enum {string} */
                        cost_basis: "billed" | "units_x_price" | "price_list" | "unknown";
                        /** @description not every arm can be told these, so no draw decided */
                        pinned?: string[];
                        /** @description left out where it was made */
                        dropped?: string[];
                        /** @description said there as another value than was written */
                        mapped?: string[];
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            502: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_jobs_webhooks_job: {
        parameters: {
            query: {
                /** @description of this job alone; it came with the address */
                token: string;
            };
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Heard */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": null;
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_jobs: {
        parameters: {
            query?: {
                /** @description at most so many; 20 */
                limit?: string;
                /** @description the id of the last job of the page before */
                after?: string;
                state?: "queued" | "in_progress" | "completed" | "failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description the newest first */
                        jobs: {
                            id: string;
                            /** @enum {string} */
                            status: "queued" | "in_progress" | "completed" | "failed";
                            request_id: string;
                            split: string;
                            arm: string;
                            provider: string;
                            model: string;
                            weights_version: number | null;
                            /** @description as it was asked for, without the bytes of inputs */
                            request: {
                                [key: string]: unknown;
                            };
                            /** @description 0 to 1; null: not said */
                            progress: number | null;
                            queue_position: number | null;
                            outputs: {
                                url: string;
                                /** @enum {string} */
                                kind: "video" | "image" | "audio" | "file";
                                content_type: string | null;
                                width?: number;
                                height?: number;
                                seconds?: number;
                                bytes?: number;
                                thumbnail_url?: string;
                            }[];
                            /** @description cancelled, expired and outcome_unknown are codes of ours; the others say what went wrong there */
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            cost_usd: number | null;
                            cost_basis: string | null;
                            /**
                             * @description by the provider, as far as it says
                             * @enum {string}
                             */
                            charged: "yes" | "no" | "unknown";
                            cancel_asked: boolean;
                            /** @description why its provider cannot be asked now; the job waits */
                            blocked: string | null;
                            created_at: string;
                            /** @description ISO 8601 */
                            started_at: string | null;
                            /** @description ISO 8601 */
                            ended_at: string | null;
                            /** @description ISO 8601 */
                            expires_at: string | null;
                        }[];
                        has_more: boolean;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_jobs: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key and body: the same answer, made once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    prompt?: string;
                    model?: string;
                    width?: number;
                    height?: number;
                    aspect_ratio?: string;
                    /** @default 1 */
                    n?: number;
                    negative_prompt?: string;
                    seed?: number;
                    steps?: number;
                    guidance?: number;
                    /** @enum {string} */
                    output_format?: "png" | "jpeg" | "webp";
                    image?: string | string[];
                    /** @description an https URL, or data:image/png;base64,… */
                    mask?: string;
                    strength?: number;
                    loras?: {
                        /** @description an https URL, or the provider's own id */
                        model: string;
                        scale?: number;
                    }[];
                    safety?: boolean;
                    provider_options?: {
                        [key: string]: Record<string, never>;
                    };
                    user?: string;
                    split?: string;
                    /** @description seconds */
                    duration?: number;
                    fps?: number;
                    /** @description https URL that is told how it ended (Standard Webhooks) */
                    webhook?: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Begun; `location` says where it is asked for */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "in_progress" | "completed" | "failed";
                        request_id: string;
                        split: string;
                        arm: string;
                        provider: string;
                        model: string;
                        weights_version: number | null;
                        /** @description as it was asked for, without the bytes of inputs */
                        request: {
                            [key: string]: unknown;
                        };
                        /** @description 0 to 1; null: not said */
                        progress: number | null;
                        queue_position: number | null;
                        outputs: {
                            url: string;
                            /** @enum {string} */
                            kind: "video" | "image" | "audio" | "file";
                            content_type: string | null;
                            width?: number;
                            height?: number;
                            seconds?: number;
                            bytes?: number;
                            thumbnail_url?: string;
                        }[];
                        /** @description cancelled, expired and outcome_unknown are codes of ours; the others say what went wrong there */
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        cost_usd: number | null;
                        cost_basis: string | null;
                        /**
                         * @description by the provider, as far as it says
                         * @enum {string}
                         */
                        charged: "yes" | "no" | "unknown";
                        cancel_asked: boolean;
                        /** @description why its provider cannot be asked now; the job waits */
                        blocked: string | null;
                        created_at: string;
                        /** @description ISO 8601 */
                        started_at: string | null;
                        /** @description ISO 8601 */
                        ended_at: string | null;
                        /** @description ISO 8601 */
                        expires_at: string | null;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            502: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            504: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_quota: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        caller: string;
                        /** @description of UTC */
                        day: string;
                        quota: {
                            jobs?: {
                                spend_per_day_usd?: number;
                                creates_per_day?: number;
                                in_flight?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } & {
                            [key: string]: unknown;
                        };
                        today: {
                            /** @description jobs begun today, by UTC */
                            begun: number;
                            spent_usd: number;
                            /** @description may have been charged */
                            unknown_usd: number;
                            /** @description by jobs of today that run still */
                            held_usd: number;
                            /** @description jobs that have not ended, whenever begun */
                            in_flight: number;
                        };
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_jobs_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "in_progress" | "completed" | "failed";
                        request_id: string;
                        split: string;
                        arm: string;
                        provider: string;
                        model: string;
                        weights_version: number | null;
                        /** @description as it was asked for, without the bytes of inputs */
                        request: {
                            [key: string]: unknown;
                        };
                        /** @description 0 to 1; null: not said */
                        progress: number | null;
                        queue_position: number | null;
                        outputs: {
                            url: string;
                            /** @enum {string} */
                            kind: "video" | "image" | "audio" | "file";
                            content_type: string | null;
                            width?: number;
                            height?: number;
                            seconds?: number;
                            bytes?: number;
                            thumbnail_url?: string;
                        }[];
                        /** @description cancelled, expired and outcome_unknown are codes of ours; the others say what went wrong there */
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        cost_usd: number | null;
                        cost_basis: string | null;
                        /**
                         * @description by the provider, as far as it says
                         * @enum {string}
                         */
                        charged: "yes" | "no" | "unknown";
                        cancel_asked: boolean;
                        /** @description why its provider cannot be asked now; the job waits */
                        blocked: string | null;
                        created_at: string;
                        /** @description ISO 8601 */
                        started_at: string | null;
                        /** @description ISO 8601 */
                        ended_at: string | null;
                        /** @description ISO 8601 */
                        expires_at: string | null;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    delete_api_jobs_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It had ended, and is told of no more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "in_progress" | "completed" | "failed";
                        request_id: string;
                        split: string;
                        arm: string;
                        provider: string;
                        model: string;
                        weights_version: number | null;
                        /** @description as it was asked for, without the bytes of inputs */
                        request: {
                            [key: string]: unknown;
                        };
                        /** @description 0 to 1; null: not said */
                        progress: number | null;
                        queue_position: number | null;
                        outputs: {
                            url: string;
                            /** @enum {string} */
                            kind: "video" | "image" | "audio" | "file";
                            content_type: string | null;
                            width?: number;
                            height?: number;
                            seconds?: number;
                            bytes?: number;
                            thumbnail_url?: string;
                        }[];
                        /** @description cancelled, expired and outcome_unknown are codes of ours; the others say what went wrong there */
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        cost_usd: number | null;
                        cost_basis: string | null;
                        /**
                         * @description by the provider, as far as it says
                         * @enum {string}
                         */
                        charged: "yes" | "no" | "unknown";
                        cancel_asked: boolean;
                        /** @description why its provider cannot be asked now; the job waits */
                        blocked: string | null;
                        created_at: string;
                        /** @description ISO 8601 */
                        started_at: string | null;
                        /** @description ISO 8601 */
                        ended_at: string | null;
                        /** @description ISO 8601 */
                        expires_at: string | null;
                    };
                };
            };
            /** @description Its provider is asked to stop; the job says what comes of it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "in_progress" | "completed" | "failed";
                        request_id: string;
                        split: string;
                        arm: string;
                        provider: string;
                        model: string;
                        weights_version: number | null;
                        /** @description as it was asked for, without the bytes of inputs */
                        request: {
                            [key: string]: unknown;
                        };
                        /** @description 0 to 1; null: not said */
                        progress: number | null;
                        queue_position: number | null;
                        outputs: {
                            url: string;
                            /** @enum {string} */
                            kind: "video" | "image" | "audio" | "file";
                            content_type: string | null;
                            width?: number;
                            height?: number;
                            seconds?: number;
                            bytes?: number;
                            thumbnail_url?: string;
                        }[];
                        /** @description cancelled, expired and outcome_unknown are codes of ours; the others say what went wrong there */
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        cost_usd: number | null;
                        cost_basis: string | null;
                        /**
                         * @description by the provider, as far as it says
                         * @enum {string}
                         */
                        charged: "yes" | "no" | "unknown";
                        cancel_asked: boolean;
                        /** @description why its provider cannot be asked now; the job waits */
                        blocked: string | null;
                        created_at: string;
                        /** @description ISO 8601 */
                        started_at: string | null;
                        /** @description ISO 8601 */
                        ended_at: string | null;
                        /** @description ISO 8601 */
                        expires_at: string | null;
                    };
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_jobs_job_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A job in each event */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_v1_images_generations: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key and body: the same answer, made once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    prompt: string;
                    model?: string | null;
                    n?: number | null;
                    user?: string | null;
                    size?: string | null;
                    response_format?: ("url" | "b64_json") | null;
                    stream?: false | null;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Made; x-sluice-provider names who made it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        created: number;
                        data: ({
                            url: string;
                        } | {
                            b64_json: string;
                        })[];
                    };
                };
            };
            400: components["responses"]["OpenaiError"];
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            408: components["responses"]["OpenaiError"];
            409: components["responses"]["OpenaiError"];
            413: components["responses"]["OpenaiError"];
            415: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            422: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            502: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            504: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    post_v1_images_edits: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key and body: the same answer, made once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    prompt: string;
                    model?: string | null;
                    n?: number | null;
                    user?: string | null;
                    size?: string | null;
                    response_format?: ("url" | "b64_json") | null;
                    stream?: false | null;
                    image: string | string[];
                    mask?: string | null;
                } & {
                    [key: string]: unknown;
                };
                "multipart/form-data": {
                    prompt: string;
                    model?: string | null;
                    n?: number | null;
                    user?: string | null;
                    size?: string | null;
                    response_format?: ("url" | "b64_json") | null;
                    stream?: false | null;
                    image: string | string[];
                    mask?: string | null;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Made; x-sluice-provider names who made it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        created: number;
                        data: ({
                            url: string;
                        } | {
                            b64_json: string;
                        })[];
                    };
                };
            };
            400: components["responses"]["OpenaiError"];
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            408: components["responses"]["OpenaiError"];
            409: components["responses"]["OpenaiError"];
            413: components["responses"]["OpenaiError"];
            415: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            422: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            502: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            504: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    get_v1_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By alias */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: {
                            id: string;
                            /** @constant */
                            object: "model";
                            /** @description 0: nobody says */
                            created: number;
                            /** @description the providers that make it */
                            owned_by: string;
                        }[];
                    };
                };
            };
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    get_v1_models_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @constant */
                        object: "model";
                        /** @description 0: nobody says */
                        created: number;
                        /** @description the providers that make it */
                        owned_by: string;
                    };
                };
            };
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            404: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    get_v1_videos: {
        parameters: {
            query?: {
                /** @description at most so many; 20 */
                limit?: string;
                /** @description the id of the last video of the page before */
                after?: string;
                /** @description desc: the newest first */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: {
                            id: string;
                            /** @constant */
                            object: "video";
                            model: string;
                            /** @enum {string} */
                            status: "queued" | "in_progress" | "completed" | "failed";
                            /** @description 0 to 100 */
                            progress: number;
                            created_at: number;
                            /** @description seconds since 1970 */
                            completed_at: number | null;
                            /** @description when its provider's links die, where that is known */
                            expires_at: number | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            prompt: string | null;
                            /** @description null: the model decides */
                            seconds: string | null;
                            /** @description "1280x720"; null: the model decides */
                            size: string | null;
                            remixed_from_video_id: string | null;
                        }[];
                        first_id: string | null;
                        last_id: string | null;
                        has_more: boolean;
                    };
                };
            };
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            422: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    post_v1_videos: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key and body: the same answer, made once */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    prompt: string;
                    model?: string | null;
                    seconds?: (string | number) | null;
                    size?: string | null;
                    input_reference?: (string | {
                        image_url: string;
                    }) | null;
                    user?: string | null;
                } & {
                    [key: string]: unknown;
                };
                "multipart/form-data": {
                    prompt: string;
                    model?: string | null;
                    seconds?: (string | number) | null;
                    size?: string | null;
                    input_reference?: (string | {
                        image_url: string;
                    }) | null;
                    user?: string | null;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Begun; openai-poll-after-ms says when to ask for it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @constant */
                        object: "video";
                        model: string;
                        /** @enum {string} */
                        status: "queued" | "in_progress" | "completed" | "failed";
                        /** @description 0 to 100 */
                        progress: number;
                        created_at: number;
                        /** @description seconds since 1970 */
                        completed_at: number | null;
                        /** @description when its provider's links die, where that is known */
                        expires_at: number | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        prompt: string | null;
                        /** @description null: the model decides */
                        seconds: string | null;
                        /** @description "1280x720"; null: the model decides */
                        size: string | null;
                        remixed_from_video_id: string | null;
                    };
                };
            };
            400: components["responses"]["OpenaiError"];
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            408: components["responses"]["OpenaiError"];
            409: components["responses"]["OpenaiError"];
            413: components["responses"]["OpenaiError"];
            415: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            422: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            502: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            504: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    get_v1_videos_video: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @constant */
                        object: "video";
                        model: string;
                        /** @enum {string} */
                        status: "queued" | "in_progress" | "completed" | "failed";
                        /** @description 0 to 100 */
                        progress: number;
                        created_at: number;
                        /** @description seconds since 1970 */
                        completed_at: number | null;
                        /** @description when its provider's links die, where that is known */
                        expires_at: number | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        prompt: string | null;
                        /** @description null: the model decides */
                        seconds: string | null;
                        /** @description "1280x720"; null: the model decides */
                        size: string | null;
                        remixed_from_video_id: string | null;
                    };
                };
            };
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            404: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    delete_v1_videos_video: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @constant */
                        object: "video.deleted";
                        /** @constant */
                        deleted: true;
                    };
                };
            };
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            404: components["responses"]["OpenaiError"];
            409: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    get_v1_videos_video_content: {
        parameters: {
            query?: {
                /** @description video; thumbnail where its provider makes one */
                variant?: "video" | "thumbnail" | "spritesheet";
            };
            header?: {
                /** @description bytes=0-1023: a part of it */
                range?: string;
            };
            path: {
                video: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": string;
                };
            };
            /** @description The part that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": string;
                };
            };
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            404: components["responses"]["OpenaiError"];
            410: components["responses"]["OpenaiError"];
            416: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            422: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            502: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    post_v1_videos_video_remix: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key and body: the same answer, made once */
                "idempotency-key"?: string;
            };
            path: {
                video: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    prompt: string;
                };
                "multipart/form-data": {
                    prompt: string;
                };
            };
        };
        responses: {
            /** @description Begun; openai-poll-after-ms says when to ask for it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @constant */
                        object: "video";
                        model: string;
                        /** @enum {string} */
                        status: "queued" | "in_progress" | "completed" | "failed";
                        /** @description 0 to 100 */
                        progress: number;
                        created_at: number;
                        /** @description seconds since 1970 */
                        completed_at: number | null;
                        /** @description when its provider's links die, where that is known */
                        expires_at: number | null;
                        error: {
                            code: string;
                            message: string;
                        } | null;
                        prompt: string | null;
                        /** @description null: the model decides */
                        seconds: string | null;
                        /** @description "1280x720"; null: the model decides */
                        size: string | null;
                        remixed_from_video_id: string | null;
                    };
                };
            };
            400: components["responses"]["OpenaiError"];
            401: components["responses"]["OpenaiError"];
            403: components["responses"]["OpenaiError"];
            404: components["responses"]["OpenaiError"];
            408: components["responses"]["OpenaiError"];
            409: components["responses"]["OpenaiError"];
            413: components["responses"]["OpenaiError"];
            415: components["responses"]["OpenaiError"];
            421: components["responses"]["OpenaiError"];
            422: components["responses"]["OpenaiError"];
            429: components["responses"]["OpenaiError"];
            500: components["responses"]["OpenaiError"];
            502: components["responses"]["OpenaiError"];
            503: components["responses"]["OpenaiError"];
            504: components["responses"]["OpenaiError"];
            default: components["responses"]["OpenaiError"];
        };
    };
    post_fal_run_model: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key and body: the same answer, made once */
                "idempotency-key"?: string;
            };
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made, as FAL answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        images?: {
                            url: string;
                            width?: number;
                            height?: number;
                            content_type?: string;
                            file_name?: string;
                            file_size?: number;
                        }[];
                        image?: {
                            url: string;
                            width?: number;
                            height?: number;
                            content_type?: string;
                            file_name?: string;
                            file_size?: number;
                        };
                        timings?: {
                            inference: number;
                        };
                        /** @description as its provider said; left out where it did not */
                        seed?: number;
                        has_nsfw_concepts?: boolean[];
                        prompt?: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["FalError"];
            401: components["responses"]["FalError"];
            403: components["responses"]["FalError"];
            404: components["responses"]["FalError"];
            405: components["responses"]["FalError"];
            409: components["responses"]["FalError"];
            421: components["responses"]["FalError"];
            422: components["responses"]["FalError"];
            429: components["responses"]["FalError"];
            500: components["responses"]["FalError"];
            501: components["responses"]["FalError"];
            503: components["responses"]["FalError"];
            504: components["responses"]["FalError"];
            default: components["responses"]["FalError"];
        };
    };
    get_api_fal_proxy: {
        parameters: {
            query?: never;
            header: {
                /** @description https://fal.run/<owner>/<app>, or https://queue.fal.run/… */
                "x-fal-target-url": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As FAL answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": ({
                        images?: {
                            url: string;
                            width?: number;
                            height?: number;
                            content_type?: string;
                            file_name?: string;
                            file_size?: number;
                        }[];
                        image?: {
                            url: string;
                            width?: number;
                            height?: number;
                            content_type?: string;
                            file_name?: string;
                            file_size?: number;
                        };
                        timings?: {
                            inference: number;
                        };
                        /** @description as its provider said; left out where it did not */
                        seed?: number;
                        has_nsfw_concepts?: boolean[];
                        prompt?: string;
                    } & {
                        [key: string]: unknown;
                    }) | ({
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    } | {
                        /** @enum {string} */
                        status: "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND";
                    } | {
                        [key: string]: unknown;
                    });
                    "text/event-stream": string;
                };
            };
            /** @description As the queue answers */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    } | {
                        /** @enum {string} */
                        status: "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND";
                    } | {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["FalError"];
            401: components["responses"]["FalError"];
            403: components["responses"]["FalError"];
            404: components["responses"]["FalError"];
            405: components["responses"]["FalError"];
            409: components["responses"]["FalError"];
            421: components["responses"]["FalError"];
            422: components["responses"]["FalError"];
            429: components["responses"]["FalError"];
            500: components["responses"]["FalError"];
            501: components["responses"]["FalError"];
            503: components["responses"]["FalError"];
            504: components["responses"]["FalError"];
            default: components["responses"]["FalError"];
        };
    };
    put_api_fal_proxy: {
        parameters: {
            query?: never;
            header: {
                /** @description https://fal.run/<owner>/<app>, or https://queue.fal.run/… */
                "x-fal-target-url": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As FAL answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": ({
                        images?: {
                            url: string;
                            width?: number;
                            height?: number;
                            content_type?: string;
                            file_name?: string;
                            file_size?: number;
                        }[];
                        image?: {
                            url: string;
                            width?: number;
                            height?: number;
                            content_type?: string;
                            file_name?: string;
                            file_size?: number;
                        };
                        timings?: {
                            inference: number;
                        };
                        /** @description as its provider said; left out where it did not */
                        seed?: number;
                        has_nsfw_concepts?: boolean[];
                        prompt?: string;
                    } & {
                        [key: string]: unknown;
                    }) | ({
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    } | {
                        /** @enum {string} */
                        status: "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND";
                    } | {
                        [key: string]: unknown;
                    });
                    "text/event-stream": string;
                };
            };
            /** @description As the queue answers */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    } | {
                        /** @enum {string} */
                        status: "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND";
                    } | {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["FalError"];
            401: components["responses"]["FalError"];
            403: components["responses"]["FalError"];
            404: components["responses"]["FalError"];
            405: components["responses"]["FalError"];
            409: components["responses"]["FalError"];
            421: components["responses"]["FalError"];
            422: components["responses"]["FalError"];
            429: components["responses"]["FalError"];
            500: components["responses"]["FalError"];
            501: components["responses"]["FalError"];
            503: components["responses"]["FalError"];
            504: components["responses"]["FalError"];
            default: components["responses"]["FalError"];
        };
    };
    post_api_fal_proxy: {
        parameters: {
            query?: never;
            header: {
                /** @description https://fal.run/<owner>/<app>, or https://queue.fal.run/… */
                "x-fal-target-url": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As FAL answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": ({
                        images?: {
                            url: string;
                            width?: number;
                            height?: number;
                            content_type?: string;
                            file_name?: string;
                            file_size?: number;
                        }[];
                        image?: {
                            url: string;
                            width?: number;
                            height?: number;
                            content_type?: string;
                            file_name?: string;
                            file_size?: number;
                        };
                        timings?: {
                            inference: number;
                        };
                        /** @description as its provider said; left out where it did not */
                        seed?: number;
                        has_nsfw_concepts?: boolean[];
                        prompt?: string;
                    } & {
                        [key: string]: unknown;
                    }) | ({
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    } | {
                        /** @enum {string} */
                        status: "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND";
                    } | {
                        [key: string]: unknown;
                    });
                    "text/event-stream": string;
                };
            };
            /** @description As the queue answers */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    } | {
                        /** @enum {string} */
                        status: "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND";
                    } | {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["FalError"];
            401: components["responses"]["FalError"];
            403: components["responses"]["FalError"];
            404: components["responses"]["FalError"];
            405: components["responses"]["FalError"];
            409: components["responses"]["FalError"];
            421: components["responses"]["FalError"];
            422: components["responses"]["FalError"];
            429: components["responses"]["FalError"];
            500: components["responses"]["FalError"];
            501: components["responses"]["FalError"];
            503: components["responses"]["FalError"];
            504: components["responses"]["FalError"];
            default: components["responses"]["FalError"];
        };
    };
    get_fal_queue_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended; or what came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    } | {
                        /** @enum {string} */
                        status: "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND";
                    } | {
                        [key: string]: unknown;
                    };
                    "text/event-stream": string;
                };
            };
            /** @description It waits, or is worked on */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    };
                };
            };
            400: components["responses"]["FalError"];
            401: components["responses"]["FalError"];
            403: components["responses"]["FalError"];
            404: components["responses"]["FalError"];
            405: components["responses"]["FalError"];
            409: components["responses"]["FalError"];
            421: components["responses"]["FalError"];
            422: components["responses"]["FalError"];
            429: components["responses"]["FalError"];
            500: components["responses"]["FalError"];
            501: components["responses"]["FalError"];
            503: components["responses"]["FalError"];
            504: components["responses"]["FalError"];
            default: components["responses"]["FalError"];
        };
    };
    put_fal_queue_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its provider is asked to stop */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    } | {
                        /** @enum {string} */
                        status: "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND";
                    } | {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["FalError"];
            401: components["responses"]["FalError"];
            403: components["responses"]["FalError"];
            404: components["responses"]["FalError"];
            405: components["responses"]["FalError"];
            409: components["responses"]["FalError"];
            421: components["responses"]["FalError"];
            422: components["responses"]["FalError"];
            429: components["responses"]["FalError"];
            500: components["responses"]["FalError"];
            501: components["responses"]["FalError"];
            503: components["responses"]["FalError"];
            504: components["responses"]["FalError"];
            default: components["responses"]["FalError"];
        };
    };
    post_fal_queue_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description one that failed is COMPLETED, with an error
                         * @enum {string}
                         */
                        status: "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED";
                        request_id: string;
                        /** @description the same, where a webhook is to be told */
                        gateway_request_id?: string;
                        queue_position: number;
                        /** @description empty unless ?logs=1 */
                        logs: {
                            message: string;
                            level: string | null;
                            source: string | null;
                            timestamp: string | null;
                        }[];
                        metrics?: {
                            inference_time: number | null;
                        };
                        error?: string;
                        error_type?: string;
                        response_url: string;
                        status_url: string;
                        cancel_url: string;
                    };
                };
            };
            400: components["responses"]["FalError"];
            401: components["responses"]["FalError"];
            403: components["responses"]["FalError"];
            404: components["responses"]["FalError"];
            405: components["responses"]["FalError"];
            409: components["responses"]["FalError"];
            421: components["responses"]["FalError"];
            422: components["responses"]["FalError"];
            429: components["responses"]["FalError"];
            500: components["responses"]["FalError"];
            501: components["responses"]["FalError"];
            503: components["responses"]["FalError"];
            504: components["responses"]["FalError"];
            default: components["responses"]["FalError"];
        };
    };
    get_fal_well_known_jwks_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            kty: string;
                            crv: string;
                            /** @description base64url */
                            x: string;
                            kid: string;
                            use: string;
                            alg: string;
                        }[];
                    };
                };
            };
            421: components["responses"]["FalError"];
            500: components["responses"]["FalError"];
            default: components["responses"]["FalError"];
        };
    };
    post_api_vouchers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the request_id of a generated image */
                    request_id: string;
                    /**
                     * @description lower-case words joined by _
                     * @default regenerate
                     */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description This request has had its voucher; nothing is counted twice */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        request_id: string;
                        reason: string;
                        provider: string | null;
                        issued: boolean;
                    };
                };
            };
            /** @description Issued */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        request_id: string;
                        reason: string;
                        provider: string | null;
                        issued: boolean;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    post_api_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    events: {
                        /** @description gen_route, gen_ok, gen_failed, voucher_issued, or a word of your own; docs/events.md */
                        event_type: string;
                        event_data?: {
                            /** @description A registered provider */
                            provider?: string | null;
                            /** @description A registered provider */
                            assigned?: string | null;
                            /** @description milliseconds */
                            latency_ms?: number | null;
                            /** @description US dollars */
                            cost_per_image?: number | null;
                            /** @description images */
                            images?: number | null;
                            /** @description attempts */
                            attempt?: number | null;
                        } & {
                            [key: string]: unknown;
                        };
                        /** @description ISO 8601 with a zone; left out: now */
                        created_at?: string;
                    }[];
                } | {
                    /** @description gen_route, gen_ok, gen_failed, voucher_issued, or a word of your own; docs/events.md */
                    event_type: string;
                    event_data?: {
                        /** @description A registered provider */
                        provider?: string | null;
                        /** @description A registered provider */
                        assigned?: string | null;
                        /** @description milliseconds */
                        latency_ms?: number | null;
                        /** @description US dollars */
                        cost_per_image?: number | null;
                        /** @description images */
                        images?: number | null;
                        /** @description attempts */
                        attempt?: number | null;
                    } & {
                        [key: string]: unknown;
                    };
                    /** @description ISO 8601 with a zone; left out: now */
                    created_at?: string;
                }[];
            };
        };
        responses: {
            /** @description All taken */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accepted: number;
                        rejected: number;
                        errors: {
                            pointer: string;
                            detail: string;
                            status: number;
                        }[];
                        request_id: string;
                    };
                };
            };
            /** @description Some taken; `errors` says which were not, and why */
            207: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accepted: number;
                        rejected: number;
                        errors: {
                            pointer: string;
                            detail: string;
                            status: number;
                        }[];
                        request_id: string;
                    };
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            408: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Requests are served, perhaps degraded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        providers: {
                            config: {
                                primary: string;
                                weights: {
                                    [key: string]: number;
                                };
                            };
                        } & {
                            [key: string]: {
                                ok: boolean;
                                latency_ms: number | null;
                                error: string | null;
                                configured: boolean;
                                /** @constant */
                                deprecated?: true;
                            };
                        };
                        splits: {
                            [key: string]: {
                                stage: string | null;
                                weights: {
                                    [key: string]: number;
                                } | null;
                                version: number | null;
                                primary: string | null;
                                fault: string | null;
                                arms?: {
                                    [key: string]: string;
                                };
                                unwell?: {
                                    [key: string]: string;
                                };
                            };
                        };
                        /** @enum {string} */
                        status: "ok" | "degraded" | "down";
                        /** @enum {string} */
                        mode: "sandbox" | "live";
                        weights: {
                            version: number | null;
                            stage: string | null;
                            /** @enum {string} */
                            source: "store" | "file" | "default";
                            age_ms: number | null;
                            rejected: number;
                        } & {
                            [key: string]: unknown;
                        };
                        events: {
                            waiting: number;
                            oldest_ms: number | null;
                            stored: number;
                            dropped: number;
                        } & {
                            [key: string]: unknown;
                        };
                        checks: {
                            name: string;
                            ok: boolean;
                            detail: string | null;
                        }[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            421: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            /** @description No request can be served */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        providers: {
                            config: {
                                primary: string;
                                weights: {
                                    [key: string]: number;
                                };
                            };
                        } & {
                            [key: string]: {
                                ok: boolean;
                                latency_ms: number | null;
                                error: string | null;
                                configured: boolean;
                                /** @constant */
                                deprecated?: true;
                            };
                        };
                        splits: {
                            [key: string]: {
                                stage: string | null;
                                weights: {
                                    [key: string]: number;
                                } | null;
                                version: number | null;
                                primary: string | null;
                                fault: string | null;
                                arms?: {
                                    [key: string]: string;
                                };
                                unwell?: {
                                    [key: string]: string;
                                };
                            };
                        };
                        /** @enum {string} */
                        status: "ok" | "degraded" | "down";
                        /** @enum {string} */
                        mode: "sandbox" | "live";
                        weights: {
                            version: number | null;
                            stage: string | null;
                            /** @enum {string} */
                            source: "store" | "file" | "default";
                            age_ms: number | null;
                            rejected: number;
                        } & {
                            [key: string]: unknown;
                        };
                        events: {
                            waiting: number;
                            oldest_ms: number | null;
                            stored: number;
                            dropped: number;
                        } & {
                            [key: string]: unknown;
                        };
                        checks: {
                            name: string;
                            ok: boolean;
                            detail: string | null;
                        }[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_api_health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "live";
                    };
                };
            };
            421: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    get_api_health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ready: boolean;
                        /** @enum {string} */
                        status: "ok" | "degraded" | "down";
                        weights: {
                            version: number | null;
                            stage: string | null;
                            /** @enum {string} */
                            source: "store" | "file" | "default";
                            age_ms: number | null;
                            rejected: number;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            421: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            /** @description Not ready, or draining */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ready: boolean;
                        /** @enum {string} */
                        status: "ok" | "degraded" | "down";
                        weights: {
                            version: number | null;
                            stage: string | null;
                            /** @enum {string} */
                            source: "store" | "file" | "default";
                            age_ms: number | null;
                            rejected: number;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_well_known_security_txt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description RFC 9116 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            404: components["responses"]["Problem"];
            421: components["responses"]["Problem"];
            500: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
}
