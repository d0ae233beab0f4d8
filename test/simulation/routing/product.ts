import { acknowledge } from '../../../lambda/answer/incidents/acknowledge.ts';
import { deliverChannel } from '../../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { openNotifications } from '../../../lambda/history/notifications/notification-store.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { handOverAlerts } from '../../../lambda/judge/hand-over-alerts.ts';
import { judgementOutbox, takeOverLease } from '../../../lambda/judge/judgement-outbox.ts';
import { routingPass } from '../../../lambda/judge/routing-pass.ts';
import { wakeChannels } from '../../../lambda/judge/wake-channels.ts';
import type { RoutingProduct } from './simulate-routing.ts';

export const PRODUCT: RoutingProduct = {
  ...{ acknowledge, deliverChannel, openDeliveries, openHistory, openNotifications, openWindowStore },
  ...{ handOverAlerts, judgementOutbox, takeOverLease, routingPass, wakeChannels },
};
