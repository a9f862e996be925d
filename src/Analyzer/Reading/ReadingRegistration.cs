namespace Analyzer.Reading;

internal static class ReadingRegistration
{
    public static void AddIndexReading(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EventIndex>();
        builder.Services.AddSingleton<NthEvent>();
        builder.Services.AddSingleton<IdLists>();
    }
}
