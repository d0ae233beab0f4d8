/**
 * Replaces `@smithy/core/event-streams` in the bundles: no operation that a function calls sends or answers a stream of events. The
 * clients load the original with every protocol; it is 19 KB of each bundle, minified.
 */
const WHY = 'this bundle has no event streams: see lib/function/bundle.ts';

export class EventStreamSerde {
  constructor() {
    throw new Error(WHY);
  }
}

/** The client of S3 asks for one when it is made, and uses it for `SelectObjectContent` alone. */
export function eventStreamSerdeProvider(): object {
  return {};
}

export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}
