using IoPath = System.IO.Path;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>A path in a directory of its own that goes away with the test, with whatever SQLite put beside it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sentinel-");

    public TemporaryFile()
    {
    }

    public TemporaryFile(string content) => File.WriteAllText(Path, content);

    public string Path => IoPath.Combine(_directory.FullName, "file");

    public void Dispose() => _directory.Delete(recursive: true);
}
