/** Whether something could be done, or why not. */
export type Attempt = { readonly ok: true } | { readonly ok: false; readonly error: string };
