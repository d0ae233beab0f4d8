#!/usr/bin/env node
// Plain JavaScript, so that `node` can run it right after `npm ci`. It registers the TypeScript loader, then starts the
// command line.
import { register } from 'tsx/esm/api';

// Disables the warning of the AWS SDK about Node 20. The lock file decides which version of the SDK runs.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
await import('./smtp-quorum.ts');
