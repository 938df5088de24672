FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src src
RUN dotnet publish src/AgentSentinel.Cli/AgentSentinel.Cli.csproj -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# State is the one thing written: the rest of the file system may be read-only. The runtime's diagnostic
# port would be a socket in /tmp, and a way into the process.
ENV DOTNET_EnableDiagnostics=0 SENTINEL__Checkpoints__Folder=/var/lib/agentsentinel SENTINEL__Declarations__ModelFolder=/app/models/fleet-priors/2
RUN install -d -o $APP_UID -g $APP_UID -m 0700 /var/lib/agentsentinel
WORKDIR /app
COPY --from=build /app .
COPY models /app/models
USER $APP_UID
VOLUME /var/lib/agentsentinel
EXPOSE 8080
ENTRYPOINT ["dotnet", "sentinel.dll", "run"]
