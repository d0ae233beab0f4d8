import { describe, expect, test } from 'vitest';
import { deliveryRules } from '../../lambda/alert/delivery/delivery-rules.ts';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import { byReceiver, FALL_FLAP_RECOVER, mostInAnHour, runStorm } from './storm.ts';

/** As many as need three groups of the judge. `npm run bench -- storm` has 300. */
const TARGETS = 60;
const [grouped, apart] = await Promise.all([
  runStorm({ ...FALL_FLAP_RECOVER, targets: TARGETS, group: true }),
  runStorm({ ...FALL_FLAP_RECOVER, targets: TARGETS, group: false }),
]);

describe('targets at one address fall, flap and recover', () => {
  test('nobody gets more messages than a few, and nothing is untold', () => {
    for (const [receiver, messages] of byReceiver(grouped))
      expect([receiver, messages.filter(({ message }) => message.edits === undefined).length < 25]).toEqual([
        receiver,
        true,
      ]);
    expect(grouped.pending).toBe(0);
  });

  test('the ceilings hold with groups and without', () => {
    for (const storm of [grouped, apart])
      for (const channel of storm.channels) {
        const own = storm.messages.filter((one) => one.channel === channel.id);
        expect(mostInAnHour(own)).toBeLessThanOrEqual(deliveryRules(channel, storm.config).limit);
      }
    for (const storm of [grouped, apart])
      for (const [receiver, messages] of byReceiver(storm))
        expect(mostInAnHour(messages)).toBeLessThanOrEqual(receiver.startsWith('sms') ? 20 : 60);
  });

  test('the first page is as early as without groups', () => {
    expect([...grouped.firstPage]).toEqual([...apart.firstPage]);
  });

  test('each channel is told of all alerts, of each once', () => {
    for (const { id } of grouped.channels) {
      const ids = grouped.messages.flatMap(({ channel, message: { covers } }) =>
        channel === id ? covers.map(({ alert }) => alert.id) : [],
      );
      expect(ids.length).toBeGreaterThan(2 * TARGETS);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test('the first lines name the cause', () => {
    const context = { name: 'storm', home: 'us-east-1', targets: grouped.config.targets } as const;
    const webhook = grouped.messages.filter(({ channel }) => channel.startsWith('webhook'));
    const lines = webhook.map(
      ({ at, message }) =>
        `${new Date(at).toISOString().slice(11, 19)} ${alertTexts(message.alert, context, message).default}`,
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "05:05:10 25 mail servers at 192.0.2.25 are down since 05:05 UTC: connect-timeout; mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 17 more",
        "05:07:10 60 mail servers at 192.0.2.25 are down since 05:05 UTC: connect-timeout; mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 52 more",
        "05:18:10 60 mail servers at 192.0.2.25 are up again: mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 52 more",
        "05:20:10 25 mail servers at 192.0.2.25 are down since 05:20 UTC: connect-timeout; mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 17 more",
        "05:22:10 60 mail servers at 192.0.2.25 are down since 05:20 UTC: connect-timeout; mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 52 more",
        "05:24:10 60 mail servers at 192.0.2.25 are up again: mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 52 more",
        "05:26:10 25 mail servers at 192.0.2.25 are down since 05:26 UTC: connect-timeout; mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 17 more",
        "05:28:10 60 mail servers at 192.0.2.25 are down since 05:26 UTC: connect-timeout; mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 52 more",
        "05:30:10 60 mail servers at 192.0.2.25 are up again: mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 52 more",
        "05:32:10 25 mail servers at 192.0.2.25 are flapping since 05:32 UTC: connect-timeout; mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 17 more",
        "05:34:10 60 mail servers at 192.0.2.25 are flapping since 05:32 UTC: connect-timeout; mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 52 more",
        "06:12:10 60 mail servers at 192.0.2.25 are up again: mx10, mx11, mx12, mx13, mx14, mx15, mx16, mx17 and 52 more",
      ]
    `);
  });
});
