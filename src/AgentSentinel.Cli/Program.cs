using System.CommandLine;
using AgentSentinel.Cli.Commands;

var root = new RootCommand("AgentSentinel watches what AI agents do, tells the SOC what is odd and why, and suspends agents that went wrong.")
{
    DemoCommand.Create(),
    RunCommand.Create(),
    SimulateCommand.Create(),
    ReplayCommand.Create(),
    ScoreCommand.Create(),
    EvaluateCommand.Create(),
    TrainCommand.Create(),
    AlertCommand.Create(),
    PolicyCommand.Create(),
    AuditCommand.Create(),
    HistoryCommand.Create(),
    ConfigCommand.Create(),
    TokenCommand.Create(),
};
foreach (var command in ListCommands.Create().Concat(OperatorCommandLines.Create()))
{
    root.Subcommands.Add(command);
}

return await root.Parse(args).InvokeAsync();
