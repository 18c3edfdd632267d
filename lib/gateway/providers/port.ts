export type {
  CostBasis,
  Deadline,
  ErrorKind,
  ImageRequest,
  ProbeResult,
  Provider,
  ProviderFailure,
  ProviderImage,
  ProviderResult,
  ProviderSuccess,
} from './provider';
