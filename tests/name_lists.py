"""Phrases with capitals that belong to no person, and invented full names, for the rule that finds names in stories."""

from typing import Final

HARMLESS: Final = """
Kent Police|Family Liaison Officer|Boxing Day|Crown Court|Crown Prosecution Service|Probation Service|Victim Liaison Officer|Maidstone Crown Court|Magistrates’ Court|Youth Offending Team
Victims’ Code|British Sign Language|Good Friday|Bank Holiday Monday|Easter Sunday|Christmas Eve|New Year’s Eve|Mothering Sunday|Remembrance Sunday|Bonfire Night
Detective Chief Inspector|Detective Sergeant|Police Constable|Chief Constable|Police Community Support Officer|Assistant Chief Constable|Special Constable|Police and Crime Commissioner|Victim Support|Citizens Advice
Canterbury Christ Church University|University of Kent|Medway Maritime Hospital|William Harvey Hospital|Canterbury Cathedral|Dover Castle|Leeds Castle|High Street|Canterbury Road|Station Road
Tunbridge Wells|Isle of Sheppey|Kent County Council|Medway Council|Home Office|Ministry of Justice|National Probation Service|Parole Board|Court of Appeal|Supreme Court
High Court|Family Court|County Court|Coroner’s Court|Youth Court|Court Usher|Prison Officer|Prison Governor|Senior Probation Officer|Community Payback
Unpaid Work|Suspended Sentence Order|Community Order|Youth Rehabilitation Order|Restraining Order|Conditional Caution|Victim Personal Statement|Pre-Sentence Report|Guilty Plea|Life Sentence
Young Offender Institution|HMP Elmley|HMP Maidstone|HMP East Sutton Park|HMYOI Rochester|Category B|Wing B|Open Prison|Bail Hostel|Approved Premises
Restorative Justice|Restorative Justice Council|Restorative Solutions|Restorative Practice|Why Me|Calm Mediation|Samaritans Helpline|Rape Crisis|Women’s Aid|Age UK
Red Cross|Salvation Army|Royal British Legion|Alcoholics Anonymous|Narcotics Anonymous|Turning Point|Crimestoppers Trust|Neighbourhood Watch|Mental Health Team|Social Worker
Social Services|Children’s Services|Adult Social Care|Local Authority|Borough Council|Parish Council|Town Hall|Village Hall|Job Centre|Food Bank
Primary School|Secondary School|Sixth Form College|Head Teacher|Deputy Head|Teaching Assistant|School Nurse|Foster Carer|Foster Mother|Step Dad
Polish Community Centre|Nepalese Community|Roma Community|Gypsy Roma Traveller|Punjabi Interpreter|Romanian Consulate|Church of England|Roman Catholic|Sikh Temple|Muslim Council
Friday Prayers|Eid al-Fitr|Chinese New Year|Black History Month|Hate Crime|Hate Crime Awareness Week|Domestic Abuse|Domestic Violence|Serious Crime|Criminal Damage
Anti-Social Behaviour|Public Order|Common Assault|Actual Bodily Harm|Grievous Bodily Harm|Data Protection Act|Equality Act|Human Rights Act|Criminal Justice System|Domestic Homicide Review
Facebook Messenger|Google Maps|Microsoft Teams|Zoom Meeting|Premier League|Sunday League|World Cup|Olympic Games|Channel Tunnel|River Medway
North Downs|Thames Estuary|South East|East Kent|West Yorkshire Police|Metropolitan Police|British Transport Police|Essex Police|Northern Ireland|Great Britain
United Kingdom|European Union|New York|Saudi Arabia|South Africa|Sri Lanka|Fire and Rescue Service|Kent Fire Brigade|South East Coast Ambulance|Air Ambulance
Emergency Department|Accident and Emergency|General Practitioner|Community Nurse|Support Worker|Drug Worker|Housing Officer|Housing Association|Citizens Panel|Youth Worker
Youth Club|Boxing Club|Cricket Club|Rugby Club|Premier Inn|Holiday Inn|Burger Bar|Fish Bar|Corner Shop|Post Office
"""
"""200 phrases of the field, parted by “|” and by line ends."""

FULL_NAMES: Final = """
Sarah Jones|Will Young|Mark Hill|Grace Green|Hope Baker|Kent Whittaker|Daisy King|Rose Church|May Day-Lewis|Victoria Street
Mohammed Khan|Fatima Begum|Amir Hussain|Yusuf Ali|Zainab Ahmed|Priya Patel|Arjun Singh|Harpreet Kaur|Rajesh Kumar|Anjali Sharma
Piotr Kowalski|Agnieszka Nowak|Łukasz Wałęsa|Ioana Popescu|Andrei Ionescu|Ivan Petrov|Olena Shevchenko|Jonas Kazlauskas|Ilze Ozola|Zsófia Nagy
Siobhán O’Neill|Pádraig Byrne|Niamh Kelly|Rhys Evans|Angharad Davies|Fraser McDonald|Hamish MacLeod|Zoë Fitzgerald|Chloé Dubois|Jean-Luc Moreau
Maria da Silva|João dos Santos|José García|Carmen Ruiz|Giulia Rossi|Marco Di Pietro|Jan de Vries|Ludwig van Beek|Greta von Stein|Anders Jørgensen
Mohammed al-Rashid|Osama bin Yusuf|Leila Haddad|Ngozi Okafor|Oluwaseun Adeyemi|Chidi Eze|Kwame Mensah|Abena Owusu|Thabo Nkosi|Tendai Moyo
Blessing King|Precious Baker|Patience Price|Comfort Stone|Gift Banda|Sunny Bains|Storm Fisher|River Marsh|Sky Turner|Crystal Wells
Mehmet Yılmaz|Ayşe Demir|Dilan Kaya|Reza Karimi|Nasrin Ahmadi|Nguyen Van An|Linh Tran|Wei Zhang|Mei Ling Chen|Min-jun Park
Pemba Sherpa|Bishnu Gurung|Tenzin Dorje|Rukhsana Bibi|Shabana Mirza|Delroy Campbell|Shanice Thompson|Tyrone Francis|Leanne Constable|Craig Bishop
J. Smith|K Baker|A. J. Turner|Mary-Ann K. Smith|SARAH JONES|Jordan Hill|Chelsea Court|Preston Wells|Summer Holiday-Brown|Tom Driver
"""
"""100 invented names, many of them words, places or roles too."""

HARMLESS_SENTENCES: Final = """
The Chief Crown Prosecutor wrote to the family.
She spoke to a Detective Superintendent about the arrest.
The Deputy Lieutenant came to the thank you evening.
He sat before a District Judge in Margate.
The case was listed at Maidstone Crown Court on a Monday.
They met again on Whit Monday.
She called after Shrove Tuesday.
The meeting was put off until Holy Saturday was over.
He rang on New Year's Eve.
They were fasting for Ramadan, and so we waited until Eid al-Fitr.
The family keeps Yom Kippur, so the meeting moved.
He could not come on Guru Nanak's birthday.
Vaisakhi fell on the day of the meeting.
They met before Chinese New Year.
Rosh Hashanah came first.
An interpreter for Brazilian Portuguese sat beside her.
He spoke Sorani Kurdish with the interpreter.
A Levantine Arabic interpreter came by phone.
They wrote in Simplified Chinese.
She speaks Haitian Creole at home.
The letter was put into Makaton Signs for him.
The Salvation Army gave him a bed.
Citizens Advice helped her with the form.
Age Concern came with her.
The Samaritans listened all night.
Cruse Bereavement Support called her each week.
Porchlight Trust found him a room.
Dover Detached Youth Club let us use its hall.
St Giles Trust met him at the gate.
Catch Twenty Two works with his brother.
The Royal British Legion paid for the train.
Women's Aid stood by her.
Refuge and the National Domestic Abuse Helpline gave her advice.
The Prince's Trust found him a course.
Turning Point saw him each week.
Change Grow Live runs the clinic.
Kent Fire and Rescue Service told him what the fire had done.
The South East Coast Ambulance Service took her to hospital.
The Medway Maritime Hospital kept her for a night.
He was treated at William Harvey Hospital.
The Queen Elizabeth the Queen Mother Hospital looked after him.
They met at the Marlowe Theatre.
She was robbed at Bluewater Shopping Centre.
The car was found at Dungeness Point.
He walked along Romney Marsh.
They talked in a cafe on Herne Bay Pier.
The shop stood in Royal Tunbridge Wells.
It happened near Leeds Castle.
The train from Ebbsfleet International was late.
The bus from Isle of Sheppey took an hour.
She lives near Sandwich Bay.
He grew up in Paddock Wood.
They both live in West Malling.
A neighbour from Minster on Sea came with her.
He was held at Elmley Prison.
He is in HMP Swaleside now.
She wrote to Rochester Young Offender Institution.
East Sutton Park lets women go out to work.
He had a Suspended Sentence Order.
It was part of a Community Resolution.
The Youth Referral Panel agreed.
The Pre-Sentence Report spoke of it.
She read her Victim Personal Statement aloud.
He had an Out of Court Disposal.
The Sentencing Council says how.
The Parole Board asked for a letter.
A Criminal Behaviour Order kept him away.
The Senior Probation Officer agreed.
Her Independent Domestic Violence Adviser sat beside her.
A Youth Justice Worker came along.
His Offender Manager sent the form.
The Prison Chaplain was kind.
A Special Constable took the first note.
Her Social Worker drove her.
The Lord Chancellor signed it.
The Court Usher showed them in.
A Registered Intermediary helped her to speak.
The Lay Magistrates listened.
A Witness Care Officer called her.
He saw a Consultant Psychiatrist.
She was in the Accident and Emergency Department.
They talked at the Canterbury Christ Church chaplaincy.
The Independent Custody Visitors came by.
He wrote to the Independent Office for Police Conduct.
A Deputy Head Girl spoke for the class.
His Offender Supervisor and his Personal Officer agreed.
The Head of Year rang her.
A Detective Constable from Kent Police sat with her.
She asked the Chief Inspector of Prisons.
The Recorder of Canterbury passed sentence.
He was in front of the Senior Presiding Judge.
It went to the Lands Tribunal.
They met two days after Twelfth Night.
The shop was shut on Plough Monday.
Holy Thursday came.
He was arrested on St George's Day.
Diwali fell on a Sunday.
They kept Eid al-Adha with her aunt.
A Hungarian Roma family lived there.
She asked for an Eritrean Tigrinya interpreter.
He signs in Irish Sign Language.
The leaflet is in Easy Read.
She read the Code of Practice for Victims.
His Basic Custody Screening was done.
A Hospital Order was made.
He got a Referral Order.
The Sexual Harm Prevention Order lasts five years.
An Acceptable Behaviour Contract was signed.
The Licence Conditions kept him out of Dover.
A Multi Agency Risk Assessment Conference was held.
St John Ambulance took her home.
The Trussell Trust gave them food.
Porchlight and Catching Lives helped.
Kenward Trust took him in.
Young Lives Foundation sent a mentor.
Oasis Domestic Abuse Service stood by her.
Family Matters in Gravesend counselled her.
East Kent Rape Crisis Centre too.
Kent Search and Impact Trust paid.
The Duke of Edinburgh award kept him busy.
They met at the Beaney House of Art and Knowledge.
It was near Reculver Towers.
The bus stopped at Hoo St Werburgh.
They live in Sutton Valence.
She moved from Stelling Minnis to Great Chart.
He worked at Port of Dover.
They walked on Camber Sands.
The Darnley Arms was shut.
He drank at the Prince Albert.
The White Cliffs were in sight.
"""

NAMES_IN_SENTENCES: Final = """
{} saw the broken window first.|Siobhan McAllister
When the door opened, {} was standing there.|Declan O'Rourke
We later learned that {} had been at home.|Ifeoma Okonkwo
{}'s letter arrived in May.|Katarzyna Wojciechowska
It was {}'s car.|Rhiannon ap Gruffydd
Mrs {} made tea.|Thavamani Sivasubramaniam
She had known Mr {} for years.|Harpreet Singh Dhillon
The van belonged to {}.|Pieter van der Merwe
Nobody had told {} about the meeting.|Abdullah bin Rashid
{} and her son were at home.|Clementine Ashworth-Hughes
He said sorry to {}.|Oluwaseun Adebayo-Williams
{} was 19 when it happened.|Callum McDonagh
His friend {} had driven.|Tomos Llewellyn
Dr {} stitched the wound.|Priyanka Raghunathan
The shop of {} was empty.|Gurdeep Kaur
{}’s mother wept.|Zbigniew Kaczmarek
At first {} did not want to come.|Ludovic de Montfort
The money came from {}, her uncle.|Fionnuala Ní Dhomhnaill
{} told us that he sleeps badly.|Chukwuemeka Eze
A neighbour, {}, called the police.|Bronwen Prosser
They met, and {} cried.|Mohammed Abdi Warsame
{} lost two teeth.|Kwabena Boateng
We asked {} what she needed.|Maryam al-Hashimi
The boy, {}, was eleven.|Alfie Cruttenden
Ms {} works at a school.|Wilhelmina Pemberton
His sister {} came with him.|Ioana Popescu
{} pleaded guilty.|Dwayne Braithwaite
On the night {} was hurt, it rained.|Seren Pugh
She forgave {}.|Lech Nowak
“I am sorry,” said {}.|Nirmala Thiruchelvam
{} is a baker.|Jaswinder Gill
It took {} two years.|Marguerite Delacroix
Then {} spoke.|Hamish MacGillivray
He knew {}’s brother.|Anjali Deshpande
The judge thanked {}.|Xiuying Zhang
{} still walks with a stick.|Nguyen Van Minh
The worker rang {} on Monday.|Aoife Ní Bhriain
Sir {} came too.|Peregrine Fotheringay
His victim, {}, was 70.|Ethel Longbottom
{} had never been in trouble.|Tyrese Campbell-Brown
In court {} said nothing.|Stanislav Petrenko
Their daughter {} was asleep.|Yetunde Balogun
{} broke into the house.|Jordan Fairweather
A man named {} was charged.|Goran Jovanović
Reverend {} opened the hall.|Josiah Tetteh
For {} it was not over.|Mairead Fitzgerald
{}, who is 40, runs a shop.|Selvarajah Kandiah
We drove to {} at Easter.|Isolde von Richter
PC {} came within the hour.|Gareth Onslow
The card was from {}.|Rafael da Silva
{} de facto ran the home.|Beatrix Hollingsworth
Her ex-partner, {}, went to prison.|Darren Tugwell
It was his mate {} who drove.|Ryan O'Shaughnessy
After that {} moved away.|Layla Haddad
{} agreed at once.|Mehmet Yıldırım
The class of {} wrote a card.|Sunita Patel-Jones
Now {} helps others.|Krzysztof Zieliński
Mr and Mrs {} were on holiday.|Arthur Penhaligon
We called {} Mum.|Dilys Cadwaladr
It was {} who wrote first.|Tendai Mutasa
{} opened the door.|Branwen Rees
The letter came from {}.|Eilidh MacLeod
It was {}'s birthday.|Rohan Wickramasinghe
{}’s dog barked.|Oyinkansola Adeyemi
Mr {} sold the car.|Vytautas Petrauskas
They told {} the truth.|Ngozi Uche
Mrs {} had a shop.|Balvinder Kaur Sandhu
Her cousin {} wept.|Shivani Krishnamurthy
{} was the driver.|Finlay O'Dowd
He hit {} twice.|Joost van den Berg
In the end {} said yes.|Ximena de la Cruz
She met {} at noon.|Ahmed ibn Khalid
At home {} sleeps.|Llinos ferch Owain
{} had a knife.|Jayden Smith-Jones
The boys, {} and his friend, ran.|Marlon Grant
{} is 12.|Lily Rose Baker
Everyone liked {}.|Dmitri Volkov
He lent it to {}.|Sanjay Mehta
{} came alone.|Faith Okafor
It hurt {} most.|Grace Hill
We saw {} smile.|Summer Brook
{}, a nurse, agreed.|Joy Carpenter
Then {} left.|Hugo St John
They wrote to {} again.|Archie Worth
{} paid it back.|Leah Gold
Nurse {} cleaned the cut.|Imogen Tully
Councillor {} came.|Ravi Anand
The vicar, {}, prayed.|Philippa Dale
His son {} is three.|Otis Kent
{} hid.|Zara Hussain
When {} called, she cried.|Theodora Papadopoulos
He sold {} the phone.|Linh Tran
For years {} drank.|Mick Doyle
{} stopped.|Chidi Nwosu
Officer {} wrote it down.|Beth Hadlow
The owner, {}, lost £400.|Sukhdev Singh
{} hates it.|Emeka Obi
Both {} and K were there.|Anneliese Koch
He said: “{} did it.”|Piotr Wiśniewski
The card says “{}”.|Maeve Ó Súilleabháin
"""
"""Sentences with a place for the name, and the name."""
