#!/usr/bin/env node
// Plain JavaScript, so that it runs under `node` right after `npm ci`: it registers the TypeScript loader, then
// hands over to the command line proper.
import { register } from 'tsx/esm/api';

register();
await import('./smtp-quorum.ts');
