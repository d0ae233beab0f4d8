/** The config of the simulated month, as a person writes it: routing with steps, reminders, hours, limits, groups and a window. */
import type { Config } from '../../../lambda/config/config.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';

/** @param tenants how many targets are at one address */
export function monthConfig(tenants: number, group: boolean): Config {
  const rules = group ? '' : '\n    group: false';
  const ids = Array.from({ length: tenants }, (_, place) => `tenant${place + 1}`);
  const text = `
name: month
home: us-east-1
vantages: [us-east-1, eu-west-1, ap-southeast-1]
every: 1m
ehloName: probe.example.com
notify:
  - id: room
    slack: { channel: C0123ABCD45, token: { secret: alerts/slack } }
    repeat: [30m, 2h]${rules}
  - id: on-call
    email: on-call@example.com
    severity: [critical]${rules}
  - id: archive
    webhook: https://hooks.example.com/archive${rules}
  - id: desk
    email: desk@example.com
    when: [down, recovered]
    hours: { zone: Europe/Berlin, week: 'Mon-Fri 08:00-18:00' }${rules}
  - id: edge
    webhook: https://hooks.example.com/edge
    tags: [edge]
    limit: 10/h${rules}
  - id: boss
    sms: "+15555550100"
    severity: [critical]
    after: 10m${rules}
  - id: pager
    pagerduty: { routingKey: { secret: alerts/pagerduty } }
    severity: [critical]
    after: 5m
    limit: 1000/h              # it gets each alert for itself, also those of a storm
maintenance:
  - id: patches
    tags: [edge]
    zone: Europe/Berlin
    weekly: Sun 02:00-04:00
    why: patches of the system
targets:
  - { id: mx1, host: mx1.example.com, tags: [edge] }
  - { id: mx2, host: mx2.example.com, tags: [edge] }
  - { id: mx3, host: mx3.example.net }
  - { id: mx4, host: mx4.example.org }
${ids.map((id) => `  - { id: ${id}, host: ${id}.example.com }`).join('\n')}
`;
  const parsed = parseConfig(text, 'month.yaml', () => '', 0);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
