using System.CommandLine;
using System.Diagnostics;
using AgentSentinel.Cli.Training;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel train</c>: what a fleet has in common, as a model.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Telemetry of a fleet, one JSON event a line, in order of time over all files; .gz is read as gzip. Less than two weeks teach nothing: agents teach from their 14th day on.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Folder of the model to write, such as models/fleet-priors/2: its last two parts are its name and version. It must not hold a model yet.", Required = true };
        var options = new OptionsArguments();
        var command = new Command("train", "Learn from one half of a fleet's agents what young agents may borrow, measure on the other half what it is worth, and write both as a model for Declarations:ModelFolder.") { files, output };
        options.AddTo(command);
        command.SetAction(arguments =>
        {
            if (options.Read(arguments) is not { } sentinel)
            {
                return ExitCode.Usage;
            }

            if (arguments.GetValue(files)!.Contains("-"))
            {
                Console.Error.WriteLine("FILE: standard input cannot be read three times. Write it to a file first.");
                return ExitCode.Usage;
            }

            var folder = new DirectoryInfo(arguments.GetValue(output)!);
            if (folder.Parent is null || File.Exists(Path.Combine(folder.FullName, Service.Declarations.FleetModel.ParametersFile)))
            {
                Console.Error.WriteLine(folder.Parent is null ? "--out: expected a folder NAME/VERSION." : $"{folder.FullName} holds a model already. Give the new one a version of its own.");
                return ExitCode.Usage;
            }

            try
            {
                var clock = Stopwatch.StartNew();
                var trained = new TrainingRun(sentinel, arguments.GetValue(files)!, folder.Parent.Name, folder.Name).Run();
                ModelFolder.Write(folder, trained);
                Console.WriteLine(ModelFolder.Card(trained));
                Console.Error.WriteLine($"{trained.Events:N0} events, read three times in {clock.Elapsed.TotalSeconds:0.0} s; written to {folder.FullName}.");
                return ExitCode.Success;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Console.Error.WriteLine($"Training stopped: {error.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
