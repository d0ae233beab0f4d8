import { expect, test } from 'vitest';
import { awsChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { handlerNames } from '../../lib/function/bundle.ts';
import { configFor } from '../../lib/function/code.ts';
import { sampleConfig } from './synthesis.ts';

const config = sampleConfig();

test.each(handlerNames)('the config of %s has no more of the channels than it needs', (handler) => {
  const text = JSON.stringify(configFor(handler, config));
  expect(text.includes('hooks.example.com/mail')).toBe(handler === 'deliver');
  expect(text).not.toMatch(/\+15555550100|ops@example\.com/);
  // Answers find incidents in the table.
  expect(text.includes('mx1.example.com')).toBe(handler !== 'answer');
});

test('the judge and the deliverer name the same channels', () => {
  const idsFor = (handler: 'judge' | 'deliver') => awsChannels(configFor(handler, config)).map(({ id }) => id);
  expect(idsFor('judge')).toEqual(awsChannels(config).map(({ id }) => id));
  expect(idsFor('deliver')).toEqual(idsFor('judge'));
});

test('posture has the ids of the round trips of a domain, and neither their addresses nor their logins', () => {
  const withTrips = sampleConfig(`
home: us-east-1
vantages: [us-east-1, eu-west-1]
ehloName: probe.example.com
targets: [{ id: inbound, domain: example.com }]
roundTrips:
  - id: out
    send: { host: smtp.example.com, port: 587, from: canary@example.com, to: seed@example.net }
    receive: { host: imap.example.net, auth: { user: seed@example.net, password: { secret: trips/seed } } }
    key: { secret: trips/key }
`);
  const reduced = configFor('posture-watch', withTrips);
  expect(reduced.posture?.map(({ roundTrips }) => roundTrips)).toEqual([['out']]);
  expect(JSON.stringify(reduced)).not.toMatch(/canary|seed|trips\//);
});
