namespace AgentSentinel.Cli.Scoring;

/// <summary>
/// A file that appears under its name only once it is complete: until then it is a hidden one beside it, so that a run that failed or was killed leaves none that looks
/// complete. What was there before stays until then.
/// </summary>
/// <param name="path">Where it is to appear.</param>
internal sealed class PartialFile(string path) : IDisposable
{
    private bool _isComplete;

    /// <summary>Where it is written until then. In the same folder, since only there moving it is one step.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $".{System.IO.Path.GetRandomFileName()}.partial");

    /// <summary>Lets it appear. It must be closed.</summary>
    public void Complete()
    {
        File.Move(Path, path, overwrite: true);
        _isComplete = true;
    }

    /// <summary>Deletes what is not complete. It must be closed.</summary>
    public void Dispose()
    {
        if (!_isComplete)
        {
            File.Delete(Path);
        }
    }
}
