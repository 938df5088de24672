using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.Sinks;

namespace AgentSentinel.Cli.Alerts;

/// <summary>Sends an incident that says that it is a test, opened and closed, so that nobody is left with an open page.</summary>
internal sealed class AlertTest(TimeSpan timeout, TimeProvider time)
{
    /// <summary>Whether every sink took it. One line per sink.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<IAlertSink> sinks, TextWriter output, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isGood = true;
        foreach (var sink in sinks)
        {
            var started = time.GetTimestamp();
            var error = await TryAsync(sink, now, cancellationToken);
            var took = time.GetElapsedTime(started).TotalMilliseconds;
            await output.WriteLineAsync(error is null
                ? string.Create(CultureInfo.InvariantCulture, $"{sink.Name}: delivered in {took:0} ms")
                : $"{sink.Name}: failed: {error}");
            isGood &= error is null;
        }

        return isGood;
    }

    private async Task<string?> TryAsync(IAlertSink sink, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var alert in (Alert[])[Of(0, AlertKind.Opened, now, "Test alert: nothing happened."), Of(1, AlertKind.Closed, now, "The test is over.")])
            {
                using var limit = new CancellationTokenSource(timeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
                await sink.TestAsync(alert, either.Token);
            }

            return null;
        }
        catch (SinkException e)
        {
            return e.Reason;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "timeout";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // As in the service, whatever a sink throws is that sink's outcome.
            return $"{e.GetType().Name}: {PlainText.Of(e.Message)}";
        }
    }

    private static Alert Of(int number, AlertKind kind, DateTimeOffset now, string summary)
    {
        var incident = string.Create(CultureInfo.InvariantCulture, $"inc_test-{now.ToUnixTimeSeconds()}");
        return new Alert(
            string.Create(CultureInfo.InvariantCulture, $"{incident}-{number}"),
            kind,
            now,
            incident,
            "agentsentinel-test",
            Severity.Low,
            summary,
            1,
            1,
            now,
            now,
            null,
            [new Evidence("volume", "calls_per_1_minute", "calls in 1 minute", 20, 0, 10, 3, 10, 1, null, "This is a test of the alert outputs.")]);
    }
}
