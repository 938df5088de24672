using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Sinks;

/// <summary>Alerts appended to a file, one JSON object a line; each line is handed to the operating system before the next.</summary>
internal sealed class FileSink(string path) : IAlertSink
{
    private FileStream? _file;

    public string Name => "file";

    public async Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        // Opened at the first alert, so that a folder that is missing at start is an error of this sink and not of the service.
        _file ??= new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 1, FileOptions.Asynchronous);
        await _file.WriteAsync((byte[])[.. JournalJson.Write(alert), (byte)'\n'], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_file is not null)
        {
            await _file.DisposeAsync();
        }
    }
}
