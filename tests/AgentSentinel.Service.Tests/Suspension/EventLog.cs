using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>A log that can be awaited: it tells a test that something has happened, so that no test has to sleep.</summary>
internal sealed class EventLog<T> : ILogger<T>
{
    private readonly Channel<string> _names = Channel.CreateUnbounded<string>();

    /// <summary>Reads on until an event of that name.</summary>
    public async Task WaitForAsync(string name)
    {
        while (await _names.Reader.ReadAsync(TestContext.Current.CancellationToken) != name)
        {
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _names.Writer.TryWrite(eventId.Name ?? "");
}
