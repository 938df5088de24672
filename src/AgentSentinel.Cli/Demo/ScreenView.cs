using System.Globalization;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AgentSentinel.Cli.Demo;

/// <summary>The demo as a live screen. Telemetry text is escaped twice: for the terminal and for markup.</summary>
internal sealed class ScreenView : IDemoView
{
    private const int MostLines = 40;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly IAnsiConsole _console;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _drawing;
    private DemoStatus? _status;

    public ScreenView(IAnsiConsole console, TimeProvider time)
    {
        _console = console;
        _drawing = Task.Run(() => DrawAsync(time));
    }

    public void Say(string sentence) => Add(Markup.Escape(sentence));

    public void Show(DemoStatus status)
    {
        lock (_gate)
        {
            _status = status;
        }
    }

    public void Alert(Alert alert)
    {
        var at = (alert.LastEventTime ?? alert.Time).ToString("ddd HH:mm", CultureInfo.InvariantCulture);
        Add($"[grey]{at}[/] [{Color(alert)}]{DemoText.Of(alert.Kind)}[/] {Safe(alert.AgentId)}: {Safe(alert.Summary)}");
        if (alert.Kind is AlertKind.Opened or AlertKind.Escalated)
        {
            foreach (var line in DemoText.Why(alert))
            {
                Add($"          [grey]{Safe(line)}[/]");
            }
        }
    }

    public void Suspended(string agentId, string type, bool isSignatureValid, TimeSpan sinceFound) => Add(string.Create(
        CultureInfo.InvariantCulture,
        $"          [aqua]receiver:[/] {type} for {Safe(agentId)}, signature {(isSignatureValid ? "[green]valid[/]" : "[red]INVALID[/]")}, {sinceFound.TotalMilliseconds:0} ms after the anomaly was found"));

    public async ValueTask DisposeAsync()
    {
        if (_drawing.IsCompleted)
        {
            return;
        }

        await _over.CancelAsync();
        await _drawing;
        _over.Dispose();
    }

    private static string Safe(string text) => Markup.Escape(PlainText.Of(text));

    private static string Color(Alert alert) => alert.Kind switch
    {
        AlertKind.SuspensionConfirmed => "green",
        AlertKind.SuspensionOrdered => "yellow",
        AlertKind.Closed or AlertKind.SuspensionLifted => "grey",
        _ => alert.Severity >= Severity.High ? "red" : "orange1",
    };

    private void Add(string line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line);
            while (_lines.Count > MostLines)
            {
                _lines.Dequeue();
            }
        }
    }

    private Task DrawAsync(TimeProvider time) => _console.Live(new Text("")).StartAsync(async live =>
    {
        while (!_over.IsCancellationRequested)
        {
            live.UpdateTarget(Picture());
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        live.UpdateTarget(Picture());
    });

    private Rows Picture()
    {
        lock (_gate)
        {
            var parts = new List<IRenderable>();
            if (_status is { } status)
            {
                var table = new Table().Border(TableBorder.Rounded).Title(string.Create(
                    CultureInfo.InvariantCulture,
                    $"[bold]{status.EventTime:ddd d MMM HH:mm}[/]  {Markup.Escape(status.Phase)}"));
                table.AddColumns("habit", "agents", "calls in the last hour");
                foreach (var (habit, agents, calls) in status.Fleet)
                {
                    table.AddRow(Markup.Escape(habit), agents.ToString(CultureInfo.InvariantCulture), calls.ToString("N0", CultureInfo.InvariantCulture));
                }

                table.Caption(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{status.Calls:N0} calls, {status.CallsPerSecond:N0}/s, {status.Behind:N0} behind, {status.SuspendedAgents} of {status.Agents} agents suspended"));
                parts.Add(table);
            }

            var room = Math.Max(5, _console.Profile.Height - 14);
            parts.AddRange(_lines.Skip(Math.Max(0, _lines.Count - room)).Select(line => new Markup(line).Overflow(Overflow.Ellipsis)));
            return new Rows(parts);
        }
    }
}
