namespace AgentSentinel.Cli.Tests.Run;

/// <summary>When a process is killed: some time after its start, or at the nth time that an order of its reaches a step, or a little after.</summary>
internal sealed record KillPoint(SuspendingSystem.Step? Step, int Occurrence, TimeSpan After)
{
    // Every life of the process has at least so many orders to carry out.
    private const int MostOccurrences = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>One kind of point after the other, at random within it. Start takes some hundreds of milliseconds, what follows an answer a few.</summary>
    public static KillPoint Draw(int number, Random random)
    {
        var steps = Enum.GetValues<SuspendingSystem.Step>();
        var kind = number % (steps.Length + 1);
        return kind == steps.Length
            ? new KillPoint(null, 0, TimeSpan.FromMilliseconds(random.Next(1_500)))
            : new KillPoint(steps[kind], random.Next(1, MostOccurrences + 1), TimeSpan.FromMilliseconds(random.Next(2) * random.Next(30)));
    }

    /// <summary>Kills the process at this point.</summary>
    public async Task StrikeAsync(SentinelProcess process, SuspendingSystem system)
    {
        var reached = new TaskCompletionSource();
        var killing = Task.CompletedTask;
        if (Step is null)
        {
            reached.SetResult();
        }
        else
        {
            var left = Occurrence;
            system.Watcher = step =>
            {
                if (step == Step && Interlocked.Decrement(ref left) == 0)
                {
                    // At once, on the thread that holds the answer back.
                    killing = After == TimeSpan.Zero ? process.KillAsync() : killing;
                    reached.SetResult();
                }
            };
        }

        try
        {
            await reached.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{this} was not reached.\n{process.Output}");
        }

        if (After > TimeSpan.Zero)
        {
            await Task.Delay(After, TestContext.Current.CancellationToken);
        }

        system.Watcher = _ => { };
        Assert.True(!process.HasExited || After == TimeSpan.Zero, process.Output);
        await killing;
        await process.KillAsync();
    }
}
