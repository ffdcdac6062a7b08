import { Command, Option } from "commander";
import { certificate } from "./certificate.ts";
import { advanceClock, resetClock, setClock, showClock } from "./clock.ts";
import { type ExecOptions, exec } from "./exec.ts";
import { clearFault, knownFaults, listFaults, setFault } from "./faults.ts";
import { logs } from "./logs/logs.ts";
import { reset } from "./reset.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { addUser, listUsers, removeUser, resetPassword } from "./users/users.ts";

/** The commands of the local cloud, with their arguments and options. */
export function createProgram(): Command {
  const program = new Command("local-azure")
    .description("A local cloud that speaks Azure's protocols, on loopback, for this clone alone")
    .showHelpAfterError()
    .enablePositionalOptions();

  program
    .command("start")
    .description("start the local cloud, or tell where the running one listens")
    .option("--json", "print for machines", false)
    .action(start);

  program
    .command("stop")
    .description("stop the local cloud; its state is kept")
    .option("--json", "print for machines", false)
    .action(stop);

  program
    .command("status")
    .description("tell whether it runs and where; exit code 3 when it does not")
    .option("--json", "print for machines", false)
    .action(status);

  program
    .command("exec")
    .description("run a command with the local cloud's environment, starting it if needed")
    .addOption(
      new Option("--plugins <kind>", "which Pulumi plugins to use")
        .choices(["local", "official"])
        .default("local"),
    )
    .option("--json", "print its own steps and failures for machines, on standard error", false)
    .argument("<command...>", "the command, after --")
    .passThroughOptions()
    .action(async (command: [string, ...string[]], options: ExecOptions) => {
      process.exitCode = await exec(command, options);
    });

  program
    .command("logs")
    .description("print the log of a site's process, of requests and sign-ins, or of the local cloud itself")
    .argument("[site]", "name of a site")
    .option("--requests", "the request log of every surface, one JSON object a line", false)
    .option("--signins", "the sign-in logs, in the columns of Azure's tables", false)
    .option(
      "--data-plane",
      "the data-plane requests of Cosmos DB, in the columns of CDBDataPlaneRequests",
      false,
    )
    .option("--principal <id>", "with the two above: only what this object id, application id or name did")
    .option("-n, --lines <count>", "how many lines from the end", "200")
    .option("-f, --follow", "go on printing what is added", false)
    .option("--json", "print for machines, one JSON object a line", false)
    .action(logs);

  const faults = program.command("faults").description("make the local cloud misbehave as Azure may");
  faults
    .command("list", { isDefault: true })
    .description("the faults that are on")
    .option("--json", "print for machines", false)
    .action(listFaults);
  faults
    .command("set")
    .description("switch a fault on")
    .argument("<fault>", "its name")
    .argument("[target]", "name or ARM id of what misbehaves")
    .argument("[duration]", "for example 20s, 5m or 1h30m")
    .option("--json", "print for machines", false)
    .addHelpText("after", () => `\n${knownFaults()}`)
    .action(setFault);
  faults
    .command("clear")
    .description("switch a fault off; without a name all of them")
    .argument("[fault]")
    .argument("[target]")
    .option("--json", "print for machines", false)
    .action(clearFault);

  const clock = program.command("clock").description("move the time by which the local cloud lives");
  clock
    .command("show", { isDefault: true })
    .description("its time, and how far it was moved")
    .option("--json", "print for machines", false)
    .action(showClock);
  clock
    .command("advance")
    .description("move it on")
    .argument("<duration>", "for example 20s, 5m, 1h30m or 90d")
    .option("--json", "print for machines", false)
    .action(advanceClock);
  clock
    .command("set")
    .description("move it to a time, ahead or back")
    .argument("<time>", "for example 2027-02-01T12:00:00Z, or the date alone")
    .option("--json", "print for machines", false)
    .action(setClock);
  clock
    .command("reset")
    .description("put it back to the machine's time")
    .option("--json", "print for machines", false)
    .action(resetClock);

  program
    .command("certificate")
    .description("write a certificate by the local authority for a server of your own on loopback")
    .argument("<host>", "localhost, a name below it, an address of 127.0.0.0/8, or ::1")
    .requiredOption("--out <folder>", "where <host>.pem and <host>.key go")
    .option("--json", "print for machines", false)
    .action(certificate);

  const users = program.command("users").description("the people of the local directory");
  users
    .command("list", { isDefault: true })
    .description("who there is")
    .option("--json", "print for machines", false)
    .action(listUsers);
  users
    .command("add")
    .description("add a person with a new password, which is shown once")
    .argument("<upn>", "user principal name, for example kim@local-azure.example")
    .option("--display-name <name>", "the name that people see")
    .option("--out <file>", "write the password to this file, for you alone, in place of the terminal")
    .option("--json", "print for machines", false)
    .action(addUser);
  users
    .command("password")
    .description("give a person a new password, which is shown once")
    .argument("<upn>", "user principal name")
    .option("--out <file>", "write the password to this file, for you alone, in place of the terminal")
    .option("--json", "print for machines", false)
    .action(resetPassword);
  users
    .command("remove")
    .description("delete a person for good")
    .argument("<upn>", "user principal name")
    .option("--json", "print for machines", false)
    .action(removeUser);

  program
    .command("reset")
    .description("stop the local cloud and delete all it kept, the local Pulumi stacks too")
    .option("--json", "print for machines", false)
    .action(reset);
  return program;
}
