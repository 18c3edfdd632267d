/** `local`, `queue_timeout` and `cut` are our own doing: nothing of the provider is known from them. */
export type ErrorKind =
  | 'local'
  | 'queue_timeout'
  | 'cut'
  | 'timeout'
  | 'connect'
  | 'tls'
  | 'auth'
  | 'rate_limited'
  | 'content_policy'
  | 'rejected'
  | 'provider_5xx'
  /** The provider's own gateway gave up waiting (HTTP 504); our deadline had not come. */
  | 'gateway_timeout'
  | 'malformed'
  /** An answer that was cut off on its way: the image may have been made. */
  | 'truncated'
  /** A web page in the answer's place: something in between answered, and the provider made nothing. */
  | 'intercepted'
  | 'empty'
  | 'balance';
