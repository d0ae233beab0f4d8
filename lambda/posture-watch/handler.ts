/** The Lambda entry of posture. */
import { Resolver } from 'node:dns/promises';
import { portsWith } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { logUnreadable } from '../aws/ports.ts';
import { boundedLookup } from '../dns/records/cached-lookup-with-limits.ts';
import { recordResolverOf } from '../dns/records/record-resolver.ts';
import { policyFetch } from '../posture/policy-fetch.ts';
import { openPostureStore } from './posture-store.ts';
import type { PosturePorts } from './posture-ports.ts';
import { summaryOfPosture } from './run-report.ts';
import { type PostureDue, watchPosture } from './watch-posture.ts';
