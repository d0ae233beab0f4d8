/**
 * Replaces `@aws-sdk/endpoint-cache` in the bundles: the client of DynamoDB uses it for endpoint discovery, which is off by
 * default. This cache keeps nothing, so that discovery would ask each time. The original brings a library of its own.
 */
export class EndpointCache {
  getEndpoint(): undefined {}
  get(): undefined {}
  set(): void {}
  delete(): void {}
  has(): boolean {
    return false;
  }
  clear(): void {}
}
