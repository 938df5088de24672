using System.Buffers;
using System.Text;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Simulator;
using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Cli.Demo;

/// <summary>
/// Sends the fleet's calls to the broker: the past as fast as the service reads it, then a day on a fast clock.
/// A suspended agent's calls are not made any more: its credentials are gone.
/// </summary>
internal sealed class DemoFeed(Simulation simulation, DemoLedger ledger, RecordProducer producer, string topic, Func<long> readSoFar, TimeProvider time)
{
    // The mock broker keeps 5 MiB a partition: never let more wait than that holds.
    private const int MostBehind = 6_000;
    private const int MostInFlight = 2_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly List<Task> _inFlight = [];
    private readonly Dictionary<string, Habit> _habits = simulation.Agents.ToDictionary(a => a.Id, a => a.Habit);
    private readonly Dictionary<Habit, long> _callsInHour = [];
    private DateTimeOffset _hour;

    /// <summary>Calls sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Calls sent that the service has not read yet.</summary>
    public long Behind => Math.Max(0, Sent - readSoFar());

    /// <summary>Time of the latest call.</summary>
    public DateTimeOffset EventTime { get; private set; }

    /// <summary>Agents and calls of the last simulated hour, by habit.</summary>
    public IReadOnlyList<(string Habit, int Agents, long CallsInHour)> Fleet { get; private set; } = [];

    /// <summary>Sends everything before <paramref name="shownFrom"/> as fast as it is read, the rest so that <paramref name="shown"/> takes the given time.</summary>
    /// <param name="stops">What is done at which moments, the earliest first, when all calls before were read.</param>
    /// <param name="shownFrom">Begin of what is shown.</param>
    /// <param name="shown">Length of what is shown.</param>
    /// <param name="timeForShown">How long that takes; asked when it begins.</param>
    /// <param name="onTick">Called twice a second.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(
        IReadOnlyList<(DateTimeOffset At, Func<CancellationToken, Task> Do)> stops,
        DateTimeOffset shownFrom,
        TimeSpan shown,
        Func<TimeSpan> timeForShown,
        Action onTick,
        CancellationToken cancellationToken)
    {
        var lastTick = time.GetTimestamp();
        var (showBegan, speed, stop) = (0L, 0.0, 0);
        foreach (var call in simulation.Calls())
        {
            for (; stop < stops.Count && call.Time >= stops[stop].At; stop++)
            {
                await SettleAsync(cancellationToken);
                await stops[stop].Do(cancellationToken);
            }

            if (call.Time >= shownFrom && speed == 0)
            {
                await SettleAsync(cancellationToken);
                showBegan = time.GetTimestamp();
                speed = shown / timeForShown();
            }

            while (speed > 0 && call.Time > shownFrom + (time.GetElapsedTime(showBegan) * speed))
            {
                Tick(ref lastTick, onTick);
                await Task.Delay(Pause, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (ledger.IsStopped(call))
            {
                continue;
            }

            await SendAsync(call, cancellationToken);
            Tick(ref lastTick, onTick);
        }

        await SettleAsync(cancellationToken);
    }

    private async Task SendAsync(SimulatedCall call, CancellationToken cancellationToken)
    {
        _json.ResetWrittenCount();
        SimulatedCallJson.Write(_json, call);
        _inFlight.Add(producer.AppendAsync(topic, null, Encoding.UTF8.GetBytes(call.AgentId), _json.WrittenMemory, null, cancellationToken));
        Sent++;
        Count(call);
        if (_inFlight.Count >= MostInFlight)
        {
            await Task.WhenAll(_inFlight);
            _inFlight.Clear();
            while (Behind > MostBehind)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_inFlight);
        _inFlight.Clear();
        while (Behind > 0)
        {
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private void Count(SimulatedCall call)
    {
        EventTime = call.Time;
        if (call.Time >= _hour + TimeSpan.FromHours(1))
        {
            Fleet = [.. simulation.Agents
                .GroupBy(a => a.Habit)
                .OrderBy(g => g.Key)
                .Select(g => (g.Key.ToString(), g.Count(), _callsInHour.GetValueOrDefault(g.Key)))];
            _callsInHour.Clear();
            _hour = new DateTimeOffset(call.Time.UtcTicks - (call.Time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        }

        var habit = _habits[call.AgentId];
        _callsInHour[habit] = _callsInHour.GetValueOrDefault(habit) + 1;
    }

    private void Tick(ref long lastTick, Action onTick)
    {
        if (time.GetElapsedTime(lastTick) >= TimeSpan.FromMilliseconds(500))
        {
            lastTick = time.GetTimestamp();
            onTick();
        }
    }
}
