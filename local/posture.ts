/** The schedule of posture on one machine. */
import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { boundedLookup } from '../lambda/dns/records/cached-lookup-with-limits.ts';
import { recordResolverOf } from '../lambda/dns/records/record-resolver.ts';
import type { Table } from '../lambda/history/table/table.ts';
import type { ReportUnreadable } from '../lambda/history/table/unreadable.ts';
import type { Ports } from '../lambda/ports.ts';
import { policyFetch } from '../lambda/posture/policy-fetch.ts';
import { RUN_EVERY } from '../lambda/posture-watch/domain-order.ts';
import type { PosturePorts } from '../lambda/posture-watch/posture-ports.ts';
import { openPostureStore } from '../lambda/posture-watch/posture-store.ts';
import type { PostureReport } from '../lambda/posture-watch/run-report.ts';
import { watchPosture } from '../lambda/posture-watch/watch-posture.ts';
import { type Schedule, startSchedule } from './schedule.ts';
