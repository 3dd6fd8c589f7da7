#!/usr/bin/env node
import { load } from "./load.js";

const { supervise } = await load("postgres/supervisor");
process.exit(await supervise());
