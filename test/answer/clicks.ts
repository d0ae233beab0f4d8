/** What Slack, PagerDuty and a person with a link send to a handler of answers. */
import { createHmac } from 'node:crypto';
import type { HttpRequest } from '../../lambda/answer/http.ts';

export const SLACK_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
export const PAGERDUTY_SECRET = 'lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK';
export const LINK_KEY = '6f1d2c3b4a5968778695a4b3c2d1e0f06f1d2c3b4a5968778695a4b3c2d1e0f0';

export function request(method: string, path: string, extra: Partial<HttpRequest> = {}): HttpRequest {
  return { method, path, headers: {}, body: new Uint8Array(), source: '192.0.2.1', ...extra };
}

/** As Slack signs it, at a time in epoch milliseconds. */
export function signedBySlack(text: string, now: number, secret = SLACK_SECRET): HttpRequest {
  const timestamp = String(Math.floor(now / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${text}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature,
  };
  return request('POST', '/slack', { headers, body: Buffer.from(text) });
}

export interface Press {
  readonly action: string;
  readonly value: unknown;
  readonly user?: unknown;
  readonly at?: number;
}

/** A press of a button, in the form of https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function press({ action, value, user, at }: Press, now: number, secret?: string): HttpRequest {
  const payload = {
    type: 'block_actions',
    team: { id: 'T9TK3CUKW', domain: 'example' },
    user: user ?? { id: 'UA8RXUSPL', username: 'operator', name: 'operator', team_id: 'T9TK3CUKW' },
    api_app_id: 'AABA1ABCD',
    container: { type: 'message', message_ts: '1548261231.000200', channel_id: 'CBR2V3XEX', is_ephemeral: false },
    trigger_id: '12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3',
    channel: { id: 'CBR2V3XEX', name: 'mail' },
    response_url: 'https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209',
    actions: [
      {
        action_id: action,
        block_id: '=qXel',
        text: { type: 'plain_text', text: 'View', emoji: true },
        value,
        type: 'button',
        action_ts: ((at ?? now) / 1000).toFixed(6),
      },
    ],
  };
  return signedBySlack(`payload=${encodeURIComponent(JSON.stringify(payload))}`, now, secret);
}

export function signedByPagerDuty(text: string, ...secrets: readonly string[]): HttpRequest {
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(text).digest('hex')}`);
  return request('POST', '/pagerduty', {
    headers: { 'content-type': 'application/json', 'x-pagerduty-signature': signatures.join(',') },
    body: Buffer.from(text),
  });
}

/** An event in the form of the webhooks v3 of PagerDuty. */
export function pagerDutyEvent(
  incident: unknown,
  type = 'incident.acknowledged',
  agent: unknown = { id: 'PLH1HKV', summary: 'Tenex Engineer', type: 'user_reference' },
): string {
  return JSON.stringify({
    event: {
      id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
      event_type: type,
      resource_type: 'incident',
      occurred_at: '2020-10-02T18:45:22.169Z',
      agent,
      client: { name: 'PagerDuty' },
      data: {
        id: 'PGR0VU2',
        type: 'incident',
        number: 2,
        status: 'acknowledged',
        incident_key: incident,
        title: 'mx1 is down',
      },
    },
  });
}
