import { defineConfig } from 'vitest/config';

/** Tests that synthesise stacks, start processes, wait for deadlines, or search for rare cases. */
const SLOW = [
  'test/lib/**',
  'test/simulation/**',
  'test/lab/**',
  'test/local/**',
  'test/aws/**',
  'test/bin/commands/{start,history-commands,probe}.test.ts',
  'test/bin/{doctor,store}/**',
  'test/bin/build.test.ts',
  'test/smtp/{probe-failures,probe-passes,hostile-server,random-server,target}.test.ts',
  'test/smtp/{redaction,tls}/**',
  'test/mailbox/{hostile-mailbox,random-server,access-token}.test.ts',
  'test/probe/**',
  'test/history/{hostile,fixture}.test.ts',
  'test/history/packing/shrink-judgement-to-fit-item.test.ts',
  'test/judge/fetch-heartbeat-url.test.ts',
  'test/reports/uptime/**',
  'test/posture/**',
  'test/posture-watch/story/**',
  'test/alert/story/**',
  'test/standards/*/{oracle,openssl-oracle}.test.ts',
  'test/history/posture/record-posture.test.ts',
  'test/dns/records/**',
  'test/dns/resolver.test.ts',
  'test/standards/{hostile-records,dkim/key-record}.test.ts',
  'test/bin/commands/posture.test.ts',
  'test/consensus/{properties,facts/fact-changes}.test.ts',
  'test/{end-to-end,examples,frozen-names}.test.ts',
  'test/trip-run/watch-trips.test.ts',
  'test/dns/transport/dns-transport.test.ts',
  'test/bin/commands/{roundtrip,posture-sessions}.test.ts',
  'test/{bin/screens,smtp/round-trips,dns/addresses}.test.ts',
  'test/{bin/display/target-status,config/bounds,standards/dkim/rfc-keys,posture-watch/domain-order}.test.ts',
];

// `npm run test:fast`: under half a minute.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/servers/**', 'test/deploy/**', 'test/browser/**', ...SLOW],
    // As in `vitest.config.ts`.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    // Files share their modules, so that each is loaded once.
    isolate: false,
  },
});
