/** What a provider may name, the same as `sluice.adapter_names` has; `relay` is for what is sent on unread. */
export const providerAdapters = ['fal', 'runware', 'openai', 'kling', 'aimlapi', 'relay'] as const;

/** For people. */
export const adapterChoice = providerAdapters.join(', ').replace(/, (?=[^,]*$)/, ' or ');
