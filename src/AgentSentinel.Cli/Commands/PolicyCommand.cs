using System.CommandLine;
using AgentSentinel.Cli.Policies;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Events;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel policy</c>: what a policy would have done.</summary>
internal static class PolicyCommand
{
    private const int MostShown = 200;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Telemetry, one JSON event a line; .gz is read as gzip, - is standard input.", Arity = ArgumentArity.OneOrMore };
        var policy = new Option<string?>("--policy") { Description = "The policy file; that of Declarations:PolicyFile when not given, else the built-in policy." };
        var options = new OptionsArguments();
        var test = new Command("test", "Show who would have been suspended, for how long, and which good calls would have been lost. Modes are left aside: as if everything were automatic.") { files, policy };
        options.AddTo(test);
        test.SetAction((arguments, cancellationToken) =>
        {
            var set = arguments.GetValue(policy) is { } file ? (KeyValuePair<string, string?>[])[KeyValuePair.Create("Declarations:PolicyFile", (string?)file)] : [];
            var missing = arguments.GetValue(files)!.Where(f => f != "-" && !File.Exists(f)).ToList();
            missing.ForEach(f => Console.Error.WriteLine($"No such file: {f}"));
            return Task.FromResult(missing.Count > 0 || options.Read(arguments, set) is not { } sentinel
                ? ExitCode.Usage
                : Test(sentinel, arguments.GetValue(files)!, cancellationToken));
        });
        return new Command("policy", "Response policies.") { test };
    }

    private static int Test(SentinelOptions options, string[] files, CancellationToken cancellationToken)
    {
        try
        {
            var trial = new PolicyTrial(options, TimeProvider.System.GetUtcNow());
            foreach (var file in files)
            {
                LineReader.ReadAll(file, options.Decoder.MaxRecordBytes, trial.Take, cancellationToken);
            }

            trial.Finish();
            Tell(trial);
            return cancellationToken.IsCancellationRequested ? ExitCode.Failed : ExitCode.Success;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Console.Error.WriteLine($"Test stopped: {error.Message}");
            return ExitCode.Failed;
        }
    }

    private static void Tell(PolicyTrial trial)
    {
        var suspensions = trial.Suspensions.ToList();
        if (suspensions.Count > 0)
        {
            Console.Out.WriteLine($"{"from",-20}  {"for",10}  {"good lost",9}  {"bad stopped",11}  {"rule",-16}  {"target",-10}  agent");
        }

        foreach (var suspension in suspensions.Take(MostShown))
        {
            var order = suspension.Order;
            var target = order.Target.Kind.ToString().ToLowerInvariant();
            Console.Out.WriteLine(
                $"{order.Time:u}  {Durations.Of(suspension.Length(trial.End)),10}  {suspension.GoodLost,9:N0}  {suspension.BadStopped,11:N0}  {PlainText.Of(order.Rule ?? ""),-16}  {target,-10}  {PlainText.Of(order.AgentId)}");
            Console.Out.WriteLine($"{"",22}{PlainText.Of(order.Reason)}");
        }

        if (suspensions.Count > MostShown)
        {
            Console.Out.WriteLine($"and {suspensions.Count - MostShown} more");
        }

        var total = TimeSpan.FromTicks(suspensions.Sum(s => s.Length(trial.End).Ticks));
        Console.Out.WriteLine(
            $"Policy {PlainText.Of(trial.Policy.Version)}: {suspensions.Count} suspension(s) of {suspensions.Select(s => s.Order.AgentId).Distinct().Count()} agent(s), {Durations.Of(total)} in all.");
        foreach (var group in trial.Proposals.GroupBy(p => p.Objection).OrderByDescending(g => g.Count()))
        {
            Console.Out.WriteLine($"  {group.Count():N0} × only proposed, because {PlainText.Of(group.Key!)}");
        }

        var (lost, stopped) = (suspensions.Sum(s => s.GoodLost), suspensions.Sum(s => s.BadStopped));
        var isUnlabelled = trial.Unlabelled > 0 && trial.GoodCalls + trial.BadCalls == 0;
        if (!isUnlabelled && suspensions.Count(s => s.IsInVain) is > 0 and var vain)
        {
            Console.Out.WriteLine($"  {vain:N0} of them would have stopped nothing bad");
        }

        Console.Out.WriteLine(isUnlabelled
            ? $"{lost:N0} of {trial.Unlabelled:N0} calls would have been lost in which nothing is found; {stopped:N0} odd ones would have been stopped. (The recording has no labels.)"
            : $"{lost:N0} of {trial.GoodCalls + trial.Unlabelled:N0} good calls would have been lost; {stopped:N0} of {trial.BadCalls:N0} bad ones would have been stopped.");
        if (trial.Refused > 0)
        {
            Console.Out.WriteLine($"{trial.Refused:N0} line(s) were refused.");
        }
    }
}
