import fc from "fast-check";

// In CI the same inputs each time: what it says is about the change that it ran on. Everywhere else new ones.
if (process.env.CI) fc.configureGlobal({ seed: 20_260_101 });
