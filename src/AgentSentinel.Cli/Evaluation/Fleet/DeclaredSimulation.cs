using AgentSentinel.Cli.Commands;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>What the people of a simulated fleet declare of it, as files: announced work and holidays, and which data is sensitive. Gone when disposed.</summary>
internal sealed class DeclaredSimulation : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-declared-");
    private readonly Simulation _simulation;

    public DeclaredSimulation(Simulation simulation) => _simulation = simulation;

    /// <summary>Adds them to what is declared already, which is left as it is.</summary>
    public DeclarationOptions AddTo(DeclarationOptions declared) => declared with
    {
        CalendarFile = string.IsNullOrEmpty(declared.CalendarFile) ? Write("calendar.ics", SimulatedCalendar.Of(_simulation)) : declared.CalendarFile,
        RegistryFile = string.IsNullOrEmpty(declared.RegistryFile) ? Write("registry.json", SimulatedRegistry.Text()) : declared.RegistryFile,
    };

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
