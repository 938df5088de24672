namespace AgentSentinel.Service.Live;

/// <summary>What became of the latest commands, as the journal told this instance. Any thread; bounded. Older ones are in history, without their outcome.</summary>
public sealed class CommandOutcomes
{
    private const int Kept = 4_096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CommandOutcome> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>What became of a command; null when it was not met, or long ago.</summary>
    public CommandOutcome? Find(string commandId)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(commandId);
        }
    }

    /// <summary>Waits until something is known of a command.</summary>
    /// <returns>Null when it was not met before the cancellation.</returns>
    public async Task<CommandOutcome?> WaitAsync(string commandId, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_byId.TryGetValue(commandId, out var outcome))
                {
                    return outcome;
                }

                changed = _changed.Task;
            }

            // Its end is the only thing that matters here.
            await changed.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    internal void Note(CommandOutcome outcome)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            // A repeat of a command changes nothing, and says nothing about the first.
            if (!_byId.TryAdd(outcome.Command.Id, outcome))
            {
                return;
            }

            _order.Enqueue(outcome.Command.Id);
            if (_order.Count > Kept)
            {
                _byId.Remove(_order.Dequeue());
            }

            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
