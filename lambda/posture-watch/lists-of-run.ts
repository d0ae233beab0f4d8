/** The DNS lists that a run asks, with the keys of customers. */
import type { ListKeyName, PostureDomain } from '../config/posture-domain.ts';
import type { DnsList } from '../standards/dnsbl/dns-list.ts';
import { isListKey, type ListKeys, listOfZone, listsDue } from '../standards/dnsbl/list-keys.ts';
import { DEFAULT_DOMAIN_LISTS, DEFAULT_LISTS } from '../standards/dnsbl/lists.ts';
import { RUN_EVERY } from './domain-order.ts';
import type { PosturePorts } from './posture-ports.ts';
