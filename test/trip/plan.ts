import { buildTripMessage } from '../../lambda/trip/message/build-trip-message.ts';
import type { BuiltMessage, TripPlan } from '../../lambda/trip/message/trip-plan.ts';

export const plan: TripPlan = {
  token: { trip: 'out-to-mailbox', id: '0f3c5a7be1d24c68', at: Date.parse('2026-11-26T14:00:00Z') },
  key: 'a key of the tests',
  from: 'canary@example.com',
  to: 'seed@example.net',
  attachment: 5_000,
};

export const sent: BuiltMessage = buildTripMessage(plan);
