#!/usr/bin/env node
// Plain JavaScript, so that it runs under `node` right after `npm ci`: it registers the TypeScript loader, then
// hands over to the command line proper.
import { register } from 'tsx/esm/api';

// The AWS SDK warns each user of Node 20 of versions to come; which version runs is settled by the lock file.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
await import('./smtp-quorum.ts');
