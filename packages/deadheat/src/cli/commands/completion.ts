import type { Command } from "commander";

export function completion(program: Command): void {
  program
    .command("completion")
    .description("print the script that completes commands in a shell")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      `
bash   eval "$(deadheat completion bash)"            in ~/.bashrc
zsh    eval "$(deadheat completion zsh)"             in ~/.zshrc, after compinit
fish   deadheat completion fish > ~/.config/fish/completions/deadheat.fish`,
    )
    .action(async (shell) => {
      const { completionFor } = await import("../completion/index.ts");
      process.stdout.write(completionFor(shell, program));
    });
}
