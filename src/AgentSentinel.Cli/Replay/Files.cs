using System.IO.Compression;

namespace AgentSentinel.Cli.Replay;

/// <summary>Files of telemetry and of results: plain, gzipped when the name ends in .gz, or standard input and output as <c>-</c>.</summary>
internal static class Files
{
    private const int BufferBytes = 1 << 16;

    // A gzip file that was cut off must not read as one that ends there.
    static Files() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public static Stream OpenRead(string path) =>
        path == "-" ? Console.OpenStandardInput() : Gzipped(path) ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress) : File.OpenRead(path);

    /// <summary>Creates or replaces a file, through a buffer.</summary>
    public static Stream OpenWrite(string path) => OpenWrite(path, Gzipped(path));

    /// <summary>Creates or replaces a file, through a buffer, gzipped whatever its name says.</summary>
    public static Stream OpenWrite(string path, bool isGzipped) => new BufferedStream(
        path == "-" ? Console.OpenStandardOutput()
        : isGzipped ? new GZipStream(File.Create(path), CompressionLevel.Fastest)
        : File.Create(path),
        BufferBytes);

    /// <summary>Whether a file of that name is gzipped.</summary>
    public static bool Gzipped(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
