import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areEqual, isSignedByPagerDuty, isSignedBySlack } from '../../lambda/answer/signatures.ts';
import { PAGERDUTY_SECRET, SLACK_SECRET } from './clicks.ts';

/** The example of https://docs.slack.dev/authentication/verifying-requests-from-slack */
const slackBody = Buffer.from(
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
);
const slack = {
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  body: slackBody,
};
const slackNow = 1_531_420_618_000;

describe('Slack', () => {
  test('the example that Slack publishes is accepted', () => {
    expect(isSignedBySlack(slack, SLACK_SECRET, slackNow)).toBe(true);
  });

  test.each([
    { what: 'five minutes old', now: slackNow + 300_000, accepted: true },
    { what: 'a second older', now: slackNow + 301_000, accepted: false },
    { what: 'five minutes ahead of our clock', now: slackNow - 300_000, accepted: true },
    { what: 'a second more', now: slackNow - 301_000, accepted: false },
    { what: 'replayed a year later', now: slackNow + 365 * 86_400_000, accepted: false },
  ])('$what: $accepted', ({ now, accepted }) => {
    expect(isSignedBySlack(slack, SLACK_SECRET, now)).toBe(accepted);
  });

  test.each([
    { what: 'another secret', request: slack, secret: 'another' },
    { what: 'an empty secret', request: slack, secret: '' },
    { what: 'no signature', request: { ...slack, signature: undefined } },
    { what: 'no time', request: { ...slack, timestamp: undefined } },
    { what: 'a time that is no number', request: { ...slack, timestamp: '1531420618e0' } },
    { what: 'a time with a sign', request: { ...slack, timestamp: '+1531420618' } },
    { what: 'another time, within five minutes', request: { ...slack, timestamp: '1531420619' } },
    { what: 'another version', request: { ...slack, signature: slack.signature.replace('v0', 'v1') } },
    { what: 'capitals', request: { ...slack, signature: slack.signature.toUpperCase() } },
    { what: 'a signature that is cut', request: { ...slack, signature: slack.signature.slice(0, -1) } },
    { what: 'another body', request: { ...slack, body: Buffer.concat([slackBody, Buffer.from('&a=b')]) } },
    {
      what: 'the first octet of the body moved into the time',
      request: { ...slack, timestamp: '1531420618:', body: slackBody },
    },
  ])('refused: $what', ({ request, secret = SLACK_SECRET }) => {
    expect(isSignedBySlack(request, secret, slackNow)).toBe(false);
  });

  test('no change of one bit of the body is accepted', () => {
    fc.assert(
      fc.property(fc.nat(slackBody.length * 8 - 1), (bit) => {
        const body = Buffer.from(slackBody);
        body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return !isSignedBySlack({ ...slack, body }, SLACK_SECRET, slackNow);
      }),
    );
  });
});

/** The example of PagerDuty's own client: https://github.com/PagerDuty/go-pagerduty/blob/main/webhookv3/webhookv3_test.go */
const PAGERDUTY_BODY =
  '{"event":{"id":"01BWDWL3NYY7LUFPZCC28QUCMK","event_type":"incident.priority_updated","resource_type":"incident","occurred_at":"2021-04-26T17:36:27.458Z","agent":{"html_url":"https://acme.pagerduty.com/users/PLH1HKV","id":"PLH1HKV","self":"https://api.pagerduty.com/users/PLH1HKV","summary":"Tenex Engineer","type":"user_reference"},"client":null,"data":{"id":"PGR0VU2","type":"incident","self":"https://api.pagerduty.com/incidents/PGR0VU2","html_url":"https://acme.pagerduty.com/incidents/PGR0VU2","number":2,"status":"triggered","title":"A little bump in the road","service":{"html_url":"https://acme.pagerduty.com/services/PF9KMXH","id":"PF9KMXH","self":"https://api.pagerduty.com/services/PF9KMXH","summary":"API Service","type":"service_reference"},"assignees":[{"html_url":"https://acme.pagerduty.com/users/PTUXL6G","id":"PTUXL6G","self":"https://api.pagerduty.com/users/PTUXL6G","summary":"User 123","type":"user_reference"}],"escalation_policy":{"html_url":"https://acme.pagerduty.com/escalation_policies/PUS0KTE","id":"PUS0KTE","self":"https://api.pagerduty.com/escalation_policies/PUS0KTE","summary":"Default","type":"escalation_policy_reference"},"teams":[{"html_url":"https://acme.pagerduty.com/teams/PFCVPS0","id":"PFCVPS0","self":"https://api.pagerduty.com/teams/PFCVPS0","summary":"Engineering","type":"team_reference"}],"priority":{"html_url":"https://acme.pagerduty.com/account/incident_priorities","id":"PSO75BM","self":"https://api.pagerduty.com/priorities/PSO75BM","summary":"P1","type":"priority_reference"},"urgency":"high","conference_bridge":{"conference_number":1000,"conference_url":"https://example.com"},"resolve_reason":null}}}';
const PAGERDUTY_SIGNATURE = 'v1=0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd';

describe('PagerDuty', () => {
  const body = Buffer.from(PAGERDUTY_BODY);
  const other = `v1=${'f'.repeat(64)}`;

  test.each([
    { what: 'the only signature', header: PAGERDUTY_SIGNATURE, accepted: true },
    {
      what: 'the second of two, while a secret is replaced',
      header: `${other},${PAGERDUTY_SIGNATURE}`,
      accepted: true,
    },
    { what: 'behind a space', header: `${other}, ${PAGERDUTY_SIGNATURE}`, accepted: true },
    { what: 'an unknown version beside it', header: `v2=abc,${PAGERDUTY_SIGNATURE}`, accepted: true },
    { what: 'none', header: undefined, accepted: false },
    { what: 'an empty header', header: '', accepted: false },
    { what: 'another one', header: other, accepted: false },
    { what: 'without its version', header: PAGERDUTY_SIGNATURE.slice(3), accepted: false },
    { what: 'in capitals', header: PAGERDUTY_SIGNATURE.toUpperCase(), accepted: false },
    { what: 'the last of a thousand', header: `${`${other},`.repeat(999)}${PAGERDUTY_SIGNATURE}`, accepted: false },
  ])('$what: $accepted', ({ header, accepted }) => {
    expect(isSignedByPagerDuty(header, body, PAGERDUTY_SECRET)).toBe(accepted);
  });

  test('another body, secret or an empty secret is refused', () => {
    expect(isSignedByPagerDuty(PAGERDUTY_SIGNATURE, Buffer.concat([body, Buffer.from(' ')]), PAGERDUTY_SECRET)).toBe(
      false,
    );
    expect(isSignedByPagerDuty(PAGERDUTY_SIGNATURE, body, 'another')).toBe(false);
    expect(isSignedByPagerDuty(PAGERDUTY_SIGNATURE, body, '')).toBe(false);
  });
});

test('texts are equal if they are the same octets', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(areEqual(a, a)).toBe(true);
      expect(areEqual(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
    }),
  );
});
