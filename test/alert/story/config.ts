/** The config of the story, as a person writes it. */
import type { Config } from '../../../lambda/config/config.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';

/** Where the servers of the story are on loopback. */
export interface Places {
  readonly mail: number;
  readonly relay: number;
  readonly answers: number;
  readonly pagerduty: string;
  readonly jsm: string;
}

const text = ({ mail, relay, answers, pagerduty, jsm }: Places) => `
vantages: [local]
every: 1m
ehloName: probe.example.com
smtp: { host: 127.0.0.1, port: ${relay}, security: none, from: monitor@example.org }
answers:
  url: https://alerts.example.com
  listen: 127.0.0.1:${answers}
  linkKey: { env: LINK_KEY }
notify:
  - id: room
    slack: { channel: C0123ABCD45, token: { env: SLACK_TOKEN }, signingSecret: { env: SLACK_SIGNING } }
    repeat: [15m]
  - email: ops@example.com
  - teams: { url: { env: TEAMS } }
  - id: dead
    teams: { url: { env: DEAD } }
  - telegram: { chat: "-1001234567890", token: { env: TELEGRAM } }
  - discord: { url: { env: DISCORD } }
  - id: on-call
    pagerduty: { routingKey: { env: PAGERDUTY }, webhookSecret: { env: PAGERDUTY_WEBHOOK }, url: ${pagerduty} }
    after: 5m
  - id: boss
    jsm: { apiKey: { env: JSM }, url: ${jsm} }
    after: 10m
targets:
  - { id: mx1, host: 127.0.0.1, port: ${mail}, security: none }
`;

export function storyConfig(places: Places): Config {
  const parsed = parseConfig(text(places), 'smtp-quorum.yaml', () => '');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
